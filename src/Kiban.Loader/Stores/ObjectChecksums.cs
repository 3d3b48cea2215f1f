namespace Kiban.Loader.Stores;

/// <summary>
/// Checksums of a whole object that its source vouches for. Those of CRC kind can be composed from ranges read in any order; an MD5 needs the
/// bytes in order.
/// </summary>
internal sealed record ObjectChecksums
{
    /// <summary>Nothing to check against.</summary>
    public static ObjectChecksums None { get; } = new();

    /// <summary>CRC-32C (Castagnoli).</summary>
    public uint? Crc32C { get; init; }

    /// <summary>CRC-64/NVME.</summary>
    public ulong? Crc64Nvme { get; init; }

    /// <summary>MD5, 16 bytes in lower-case hexadecimal: an S3 ETag that is one (single part, no KMS), Google's <c>md5Hash</c>.</summary>
    public string? Md5 { get; init; }
}
