using Kiban.Loader.Stores;

namespace Kiban.Loader.Loading;

/// <summary>
/// Compares a complete file with what its source vouches for. CRCs were made on the fly and are composed from ranges; an MD5 was made on the
/// fly where the bytes passed in order, and is completed from the file where they did not.
/// </summary>
internal static class FileVerifier
{
    /// <summary>What is wrong, as a sentence; null where nothing is.</summary>
    public static string? Mismatch(FileAssembly file, Span<byte> buffer, CancellationToken cancellationToken)
    {
        var whole = file.Whole;
        var known = file.Checksums ?? ObjectChecksums.None;
        if (file.File.Object.Size is { } size && whole.Length != size)
            return $"{file.File.Object.Key} has {size} bytes at its source, but {whole.Length} arrived.";
        if (known.Crc64Nvme is { } crc64 && crc64 != whole.Crc64Nvme)
            return Differs(file.File.Object, "CRC-64/NVME", $"{crc64:x16}", $"{whole.Crc64Nvme:x16}");
        if (known.Crc32C is { } crc32C && crc32C != whole.Crc32C)
            return Differs(file.File.Object, "CRC-32C", $"{crc32C:x8}", $"{whole.Crc32C:x8}");
        if (file.ChecksMd5 && file.Md5(buffer, cancellationToken) is var md5 && md5 != known.Md5)
            return Differs(file.File.Object, "MD5", known.Md5!, md5);
        return null;
    }

    private static string Differs(SourceObject source, string kind, string wanted, string found) =>
        $"{source.Key} arrived with {kind} {found}, but its source says {wanted}.";
}
