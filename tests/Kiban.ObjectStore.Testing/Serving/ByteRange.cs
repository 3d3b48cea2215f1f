using System.Globalization;

namespace Kiban.ObjectStore.Testing.Serving;

/// <summary>What a <c>Range</c> header asks for, of an object of known size.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>Reads <c>bytes=a-b</c>, <c>bytes=a-</c> and <c>bytes=-n</c>.</summary>
    /// <returns>False where the object has no such bytes.</returns>
    public static bool TryParse(string header, long size, out ByteRange range)
    {
        range = default;
        var parts = header["bytes=".Length..].Split('-');
        var hasStart = long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var start);
        var hasEnd = long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var end);
        if (!hasStart)
            (start, end) = (Math.Max(0, size - end), size - 1);
        else if (!hasEnd || end >= size)
            end = size - 1;
        if (start >= size || end < start)
            return false;
        range = new ByteRange(start, end - start + 1);
        return true;
    }
}
