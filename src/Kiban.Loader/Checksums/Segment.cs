namespace Kiban.Loader.Checksums;

/// <summary>A stretch of a file that is in place, and its checksums.</summary>
/// <param name="Offset">Where it begins, bytes.</param>
/// <param name="Length">How long it is, bytes.</param>
/// <param name="Crc32C">CRC-32C of its bytes.</param>
/// <param name="Crc64Nvme">CRC-64/NVME of its bytes; zero where the object is not checked by it.</param>
internal readonly record struct Segment(long Offset, long Length, uint Crc32C, ulong Crc64Nvme)
{
    /// <summary>The first byte after it.</summary>
    public long End => Offset + Length;

    /// <summary>This one and the one that begins where it ends, as one.</summary>
    public Segment Then(Segment next) => new(
        Offset,
        Length + next.Length,
        Checksums.Crc32C.Combine(Crc32C, next.Crc32C, next.Length),
        Checksums.Crc64Nvme.Combine(Crc64Nvme, next.Crc64Nvme, next.Length));
}
