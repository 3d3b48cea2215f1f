namespace Kiban.ObjectStore.Testing.Contents;

/// <summary>The bytes of a file, read anew for each request. The file must not change.</summary>
internal sealed class FileContent(string path) : ObjectContent
{
    private const int PieceSize = 256 * 1024;

    public override long Length { get; } = new FileInfo(path).Length;

    public override bool HasCheapMd5 => Length <= 64 * 1024 * 1024;

    public override IEnumerable<ReadOnlyMemory<byte>> Read(long offset, long length)
    {
        using var file = File.OpenHandle(path);
        var buffer = new byte[Math.Min(PieceSize, length)];
        for (var end = offset + length; offset < end;)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset)), offset);
            if (read == 0)
                throw new EndOfStreamException($"{path} is shorter than the {Length} bytes that it had when it was put.");
            yield return buffer.AsMemory(0, read);
            offset += read;
        }
    }
}
