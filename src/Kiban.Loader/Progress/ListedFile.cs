namespace Kiban.Loader.Progress;

/// <summary>A file that would be loaded.</summary>
/// <param name="Path">Path below the target directory.</param>
/// <param name="Size">Size, bytes; null where the source does not tell.</param>
/// <param name="Version">ETag or generation.</param>
internal sealed record ListedFile(string Path, long? Size, string? Version);
