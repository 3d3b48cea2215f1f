using System.Globalization;

namespace Kiban.Loader;

/// <summary>Numbers of bytes for people.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>A number of bytes in the largest unit of which there is at least one, such as <c>41.2 GiB</c>.</summary>
    public static string Of(long bytes)
    {
        var unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0 ? $"{bytes} bytes" : string.Create(CultureInfo.InvariantCulture, $"{value:F1} {Units[unit]}");
    }
}
