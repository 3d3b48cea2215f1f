namespace Kiban.Loader.Journals;

/// <summary>The first line of a manifest: the load as a whole.</summary>
internal sealed record ManifestHeader
{
    /// <summary>The form that this program writes.</summary>
    public const string CurrentForm = "kiban-manifest/1";

    /// <summary>Form of the file.</summary>
    public required string Form { get; init; }

    /// <summary>What is in the volume: the digest of sources, filters and listing.</summary>
    public required string Digest { get; init; }

    /// <summary>Which load finished last.</summary>
    public required string LoadId { get; init; }

    /// <summary>Canonical sources.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>When it finished.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>How many files.</summary>
    public required int Files { get; init; }

    /// <summary>Bytes of all files.</summary>
    public required long Bytes { get; init; }
}
