namespace Kiban.ObjectStore.Testing.Contents;

/// <summary>
/// Noise in blocks, each a window into one table of random bytes whose place follows from the seed and the block's number: nothing is computed
/// for a byte, and blocks that change places are noticed.
/// </summary>
internal sealed class GeneratedContent(int seed, long length) : ObjectContent
{
    private const int BlockSize = 64 * 1024;
    private const int Windows = 4 * 1024 * 1024;

    private static readonly byte[] Table = CreateTable();

    public override long Length => length;

    public override bool HasCheapMd5 => Length <= 1024 * 1024;

    public override IEnumerable<ReadOnlyMemory<byte>> Read(long offset, long length)
    {
        for (var end = offset + length; offset < end;)
        {
            var (block, within) = Math.DivRem(offset, BlockSize);
            var size = (int)Math.Min(BlockSize - within, end - offset);
            yield return Table.AsMemory(WindowOf(block) + (int)within, size);
            offset += size;
        }
    }

    private int WindowOf(long block)
    {
        var mixed = ((ulong)block + 1) * 0x9E3779B97F4A7C15 ^ ((ulong)(uint)seed + 1) * 0xC2B2AE3D27D4EB4F;
        mixed ^= mixed >> 29;
        mixed *= 0xBF58476D1CE4E5B9;
        return (int)((mixed >> 20) % Windows);
    }

    private static byte[] CreateTable()
    {
        var table = new byte[Windows + BlockSize];
        new Random(1).NextBytes(table);
        return table;
    }
}
