namespace Kiban.ObjectStore.Testing.Contents;

/// <summary>Bytes held in memory.</summary>
internal sealed class MemoryContent(ReadOnlyMemory<byte> bytes) : ObjectContent
{
    private const int PieceSize = 256 * 1024;

    public override long Length => bytes.Length;

    public override IEnumerable<ReadOnlyMemory<byte>> Read(long offset, long length)
    {
        for (var end = offset + length; offset < end;)
        {
            var piece = bytes.Slice((int)offset, (int)Math.Min(PieceSize, end - offset));
            yield return piece;
            offset += piece.Length;
        }
    }
}
