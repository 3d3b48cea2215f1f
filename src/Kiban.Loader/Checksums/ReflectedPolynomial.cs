namespace Kiban.Loader.Checksums;

/// <summary>
/// Arithmetic modulo the polynomial of a reflected CRC: what lets the checksum of a whole be composed from those of its parts. Polynomials of
/// degree below the width are written with their lowest power in the highest bit.
/// See <see href="https://github.com/madler/zlib/blob/develop/crc32.c">zlib's crc32_combine</see> for the method.
/// </summary>
/// <param name="width">Bits of the CRC, at most 64.</param>
/// <param name="polynomial">The generator, reflected, without its highest power.</param>
internal sealed class ReflectedPolynomial(int width, ulong polynomial)
{
    private readonly ulong[] _squares = Squares(width, polynomial);

    /// <summary>The checksum of two stretches of bytes, one after the other.</summary>
    /// <param name="first">Checksum of the first.</param>
    /// <param name="second">Checksum of the second.</param>
    /// <param name="secondLength">Length of the second, bytes.</param>
    public ulong Combine(ulong first, ulong second, long secondLength) =>
        secondLength == 0 ? first : Multiply(PowerOfX(8 * (UInt128)(ulong)secondLength), first) ^ second;

    /// <summary>x to a power, modulo the polynomial.</summary>
    public ulong PowerOfX(UInt128 exponent)
    {
        var power = 1UL << (width - 1);
        for (var bit = 0; exponent != 0; bit++, exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                power = Multiply(_squares[bit], power);
        }

        return power;
    }

    /// <summary>The product of two, modulo the polynomial.</summary>
    public ulong Multiply(ulong a, ulong b) => Multiply(a, b, width, polynomial);

    private static ulong Multiply(ulong a, ulong b, int width, ulong polynomial)
    {
        ulong product = 0;
        for (var bit = 1UL << (width - 1); a != 0; bit >>= 1)
        {
            if ((a & bit) != 0)
            {
                product ^= b;
                a ^= bit;
            }

            b = (b & 1) != 0 ? (b >> 1) ^ polynomial : b >> 1;
        }

        return product;
    }

    /// <summary>x^1, x^2, x^4, … up to the bits of the longest stretch there can be.</summary>
    private static ulong[] Squares(int width, ulong polynomial)
    {
        var squares = new ulong[68];
        squares[0] = 1UL << (width - 2);
        for (var i = 1; i < squares.Length; i++)
            squares[i] = Multiply(squares[i - 1], squares[i - 1], width, polynomial);
        return squares;
    }
}
