using System.IO.Pipelines;
using System.Security.Cryptography;

namespace Kiban.ObjectStore.Testing.Contents;

/// <summary>The bytes of an object, wherever they come from. Checksums are computed when they are first asked for.</summary>
public abstract class ObjectContent
{
    private readonly Lazy<uint> _crc32C;
    private readonly Lazy<ulong> _crc64Nvme;
    private readonly Lazy<string> _md5;

    /// <summary>Nothing is read yet.</summary>
    protected ObjectContent()
    {
        _crc32C = new Lazy<uint>(() => CastagnoliChecksum.Compute(ReadAll()));
        _crc64Nvme = new Lazy<ulong>(() => NvmeChecksum.Compute(ReadAll()));
        _md5 = new Lazy<string>(ComputeMd5);
    }

    /// <summary>Size, bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Whether an MD5 costs little, so that the ETag may be one.</summary>
    public virtual bool HasCheapMd5 => true;

    /// <summary>CRC-32C of the whole.</summary>
    public uint Crc32C => _crc32C.Value;

    /// <summary>CRC-64/NVME of the whole.</summary>
    public ulong Crc64Nvme => _crc64Nvme.Value;

    /// <summary>MD5 of the whole in lower-case hexadecimal.</summary>
    public string Md5 => _md5.Value;

    /// <summary>Bytes held in memory.</summary>
    public static ObjectContent Of(ReadOnlyMemory<byte> bytes) => new MemoryContent(bytes);

    /// <summary>Text in UTF-8.</summary>
    public static ObjectContent Of(string text) => new MemoryContent(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>A file, read as it is asked for.</summary>
    public static ObjectContent OfFile(string path) => new FileContent(path);

    /// <summary>Noise that is the same for the same seed and costs no memory and hardly any time, whatever its length.</summary>
    public static ObjectContent Generated(int seed, long length) => new GeneratedContent(seed, length);

    /// <summary>Part of the bytes in pieces; a piece is valid until the next one is asked for.</summary>
    public abstract IEnumerable<ReadOnlyMemory<byte>> Read(long offset, long length);

    /// <summary>All bytes in one array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        var position = 0;
        foreach (var piece in ReadAll())
        {
            piece.CopyTo(bytes.AsMemory(position));
            position += piece.Length;
        }

        return bytes;
    }

    /// <summary>Whether a stream holds the same bytes, no fewer and no more.</summary>
    public bool IsSameAs(Stream stream)
    {
        var buffer = new byte[256 * 1024];
        foreach (var piece in ReadAll())
        {
            for (var position = 0; position < piece.Length;)
            {
                var part = buffer.AsSpan(0, Math.Min(buffer.Length, piece.Length - position));
                if (stream.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length
                    || !part.SequenceEqual(piece.Span.Slice(position, part.Length)))
                {
                    return false;
                }

                position += part.Length;
            }
        }

        return stream.ReadByte() < 0;
    }

    /// <summary>Whether a file holds the same bytes.</summary>
    public bool IsSameAsFile(string path)
    {
        using var file = File.OpenRead(path);
        return file.Length == Length && IsSameAs(file);
    }

    /// <summary>Sends part of the bytes.</summary>
    internal async Task WriteAsync(PipeWriter writer, long offset, long length, Action<int> onSent, CancellationToken cancellationToken)
    {
        foreach (var piece in Read(offset, length))
        {
            var sent = await writer.WriteAsync(piece, cancellationToken);
            onSent(piece.Length);
            if (sent.IsCompleted || sent.IsCanceled)
                return;
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> ReadAll() => Read(0, Length);

#pragma warning disable CA5351 // What S3's ETags are, not a protection.
    private string ComputeMd5()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var piece in ReadAll())
            hash.AppendData(piece.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
#pragma warning restore CA5351
}
