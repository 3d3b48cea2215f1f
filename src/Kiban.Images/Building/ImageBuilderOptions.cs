namespace Kiban.Images.Building;

/// <summary>Where an <see cref="ImageBuilder"/> finds sources and keeps results.</summary>
public sealed record ImageBuilderOptions
{
    /// <summary>The repository's root; needed for images with a program of this repository.</summary>
    public string? Root { get; init; }

    /// <summary>Folder for packages, layers and records. Default: <c>images</c> below Kiban's cache folder.</summary>
    public string CacheFolder { get; init; } = BuildCache.DefaultFolder;

    /// <summary>
    /// Time of every file and of the image itself; the default is the environment's <c>SOURCE_DATE_EPOCH</c>, or else 1970-01-01.
    /// See <see href="https://reproducible-builds.org/specs/source-date-epoch/"/>.
    /// </summary>
    public DateTimeOffset Created { get; init; } =
        long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.UnixEpoch;

    /// <summary>Ask the package sources for newer versions instead of using those of the last build.</summary>
    public bool UpdatePackages { get; init; }
}
