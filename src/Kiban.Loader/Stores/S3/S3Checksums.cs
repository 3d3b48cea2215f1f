using System.Buffers.Binary;

namespace Kiban.Loader.Stores.S3;

/// <summary>
/// What S3's headers say of an object's content (<see href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html"/>).
/// </summary>
internal static class S3Checksums
{
    /// <summary>Checksums of the whole object.</summary>
    public static ObjectChecksums Of(HttpResponseMessage answer)
    {
        // A checksum of the parts' checksums says nothing about the bytes in a row; it also has a dash and a number at its end.
        var isWhole = Header(answer, "x-amz-checksum-type") is null or "FULL_OBJECT";
        var bytes = (Span<byte>)stackalloc byte[sizeof(ulong)];
        return new ObjectChecksums
        {
            Crc32C = isWhole && TryDecode(answer, "x-amz-checksum-crc32c", bytes[..sizeof(uint)]) ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : null,
            Crc64Nvme = isWhole && TryDecode(answer, "x-amz-checksum-crc64nvme", bytes) ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : null,
            Md5 = Md5Of(answer),
        };
    }

    /// <summary>An ETag of one part is an MD5, unless the object is encrypted with a key that is not S3's own.</summary>
    private static string? Md5Of(HttpResponseMessage answer)
    {
        if (Header(answer, "x-amz-server-side-encryption") is not (null or "AES256") || Header(answer, "x-amz-server-side-encryption-customer-algorithm") is not null)
            return null;
        return Header(answer, "ETag") is ['"', .. { Length: 32 } md5, '"'] && md5.All(char.IsAsciiHexDigitLower) ? md5 : null;
    }

    private static bool TryDecode(HttpResponseMessage answer, string name, Span<byte> bytes) =>
        Header(answer, name) is { } text && Convert.TryFromBase64String(text, bytes, out var written) && written == bytes.Length;

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
