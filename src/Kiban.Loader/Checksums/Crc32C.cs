using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Kiban.Loader.Checksums;

/// <summary>CRC-32C (Castagnoli, RFC 3720): with the processor's own instruction where it has one.</summary>
internal static class Crc32C
{
    private const uint Generator = 0x82F63B78;

    /// <summary>
    /// Bytes of each of three stretches that are computed side by side: the instruction takes three cycles, and one can begin in each.
    /// </summary>
    private const int Lane = 4096;

    private static readonly ReflectedPolynomial Polynomial = new(32, Generator);
    private static readonly uint OneLane = (uint)Polynomial.PowerOfX(8 * Lane);
    private static readonly uint[] Table = MakeTable();

    /// <summary>Continues a checksum; that of nothing is zero.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        var state = ~checksum;
        if (Sse42.X64.IsSupported || Crc32.Arm64.IsSupported)
        {
            while (data.Length >= 3 * Lane)
            {
                state = AppendLanes(state, MemoryMarshal.Cast<byte, ulong>(data[..(3 * Lane)]));
                data = data[(3 * Lane)..];
            }

            foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
                state = Step(state, word);
            data = data[(data.Length & ~7)..];
        }

        foreach (var value in data)
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        return ~state;
    }

    /// <summary>Continues a checksum without any instruction of the processor's: what the fast way is compared with.</summary>
    public static uint AppendByTable(uint checksum, ReadOnlySpan<byte> data)
    {
        var state = ~checksum;
        foreach (var value in data)
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        return ~state;
    }

    /// <summary>The checksum of two stretches, the second of <paramref name="secondLength"/> bytes.</summary>
    public static uint Combine(uint first, uint second, long secondLength) => (uint)Polynomial.Combine(first, second, secondLength);

    private static uint AppendLanes(uint state, ReadOnlySpan<ulong> words)
    {
        const int Words = Lane / sizeof(ulong);
        var first = words[..Words];
        var second = words.Slice(Words, Words);
        var third = words.Slice(2 * Words, Words);
        uint a = state, b = 0, c = 0;
        for (var i = 0; i < first.Length; i++)
        {
            a = Step(a, first[i]);
            b = Step(b, second[i]);
            c = Step(c, third[i]);
        }

        var ab = (uint)Polynomial.Multiply(OneLane, a) ^ b;
        return (uint)Polynomial.Multiply(OneLane, ab) ^ c;
    }

    private static uint Step(uint state, ulong word)
    {
        if (Sse42.X64.IsSupported)
            return (uint)Sse42.X64.Crc32(state, word);
        return Crc32.Arm64.ComputeCrc32C(state, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ Generator : value >> 1;
            table[i] = value;
        }

        return table;
    }
}
