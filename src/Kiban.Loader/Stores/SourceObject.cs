namespace Kiban.Loader.Stores;

/// <summary>One object of a source, as it was listed.</summary>
internal sealed record SourceObject
{
    /// <summary>The whole key; for a web server the path without its leading slash.</summary>
    public required string Key { get; init; }

    /// <summary>Path below the target directory, parts divided by slashes: the key without the source's prefix.</summary>
    public required string RelativePath { get; init; }

    /// <summary>Size, bytes; null where a web server does not tell before the download.</summary>
    public required long? Size { get; init; }

    /// <summary>
    /// What pins the version: an ETag with its quotes (S3, HTTPS), a generation (Google Cloud Storage). Null where the server offers nothing.
    /// </summary>
    public required string? Version { get; init; }

    /// <summary>When the source last changed it.</summary>
    public required DateTimeOffset? LastModified { get; init; }

    /// <summary>
    /// What the listing says of the content as a whole. Empty for S3, whose listings cannot tell a checksum from what only looks like one: there,
    /// <see cref="RangeBody.Checksums"/> and <see cref="IObjectStore.DescribeAsync"/> say it.
    /// </summary>
    public ObjectChecksums Checksums { get; init; } = ObjectChecksums.None;

    /// <summary>Whether the server gives parts of it (<c>Accept-Ranges</c>); where not, it is read whole from its start.</summary>
    public bool HasRanges { get; init; } = true;
}
