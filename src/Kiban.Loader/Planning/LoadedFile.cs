namespace Kiban.Loader.Planning;

/// <summary>A file that some load put in place, as its manifest or journal says.</summary>
internal sealed record LoadedFile
{
    /// <summary>Path below the volume, parts divided by slashes.</summary>
    public required string Path { get; init; }

    /// <summary>Size, bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The version of the object that it was made of; null where its source had none.</summary>
    public required string? Version { get; init; }

    /// <summary>Modification time of the file as the file system gave it back, nanoseconds since 1970.</summary>
    public required long ModifiedNanoseconds { get; init; }

    /// <summary>CRC-32C of the content; null where it was not computed (copied from a seed).</summary>
    public uint? Crc32C { get; init; }
}
