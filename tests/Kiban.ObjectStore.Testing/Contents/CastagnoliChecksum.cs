using System.Numerics;
using System.Runtime.InteropServices;

namespace Kiban.ObjectStore.Testing.Contents;

/// <summary>CRC-32C, straight by the processor's instruction; on purpose not the loader's own code.</summary>
internal static class CastagnoliChecksum
{
    public static uint Compute(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var crc = uint.MaxValue;
        foreach (var piece in pieces)
        {
            var words = MemoryMarshal.Cast<byte, ulong>(piece.Span);
            foreach (var word in words)
                crc = BitOperations.Crc32C(crc, word);
            foreach (var value in piece.Span[(words.Length * sizeof(ulong))..])
                crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
