namespace Kiban.ObjectStore.Testing.Contents;

/// <summary>CRC-64/NVME by a table; on purpose not the loader's own code.</summary>
internal static class NvmeChecksum
{
    /// <summary>The polynomial 0xAD93D23594C93659, bits in reverse.</summary>
    private const ulong Polynomial = 0x9A6C9329AC4BC9B5;

    private static readonly ulong[] Table = CreateTable();

    public static ulong Compute(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var crc = ulong.MaxValue;
        foreach (var piece in pieces)
        {
            foreach (var value in piece.Span)
                crc = Table[(byte)crc ^ value] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static ulong[] CreateTable()
    {
        var table = new ulong[256];
        for (var i = 0; i < table.Length; i++)
        {
            var entry = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
                entry = (entry & 1) != 0 ? (entry >> 1) ^ Polynomial : entry >> 1;
            table[i] = entry;
        }

        return table;
    }
}
