using System.Buffers;
using System.Globalization;

namespace Kiban.Kubernetes.Admission;

/// <summary>Durations as Go writes them (<see href="https://pkg.go.dev/time#ParseDuration"/>): <c>5s</c>, <c>1m30s</c>, <c>500ms</c>.</summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Unit, double Milliseconds)[] Units =
        [("ns", 1e-6), ("us", 1e-3), ("µs", 1e-3), ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    /// <summary>A positive duration of at most a day, or null where the text is none.</summary>
    public static TimeSpan? Parse(ReadOnlySpan<char> text)
    {
        var milliseconds = 0.0;
        if (text.IsEmpty)
            return null;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return null;
            text = text[digits..];
            var length = text.IndexOfAny(NumberCharacters);
            var unit = length < 0 ? text : text[..length];
            if (!TryFactor(unit, out var factor))
                return null;
            milliseconds += number * factor;
            text = text[unit.Length..];
        }

        return milliseconds is > 0 and <= 86_400_000 ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    private static bool TryFactor(ReadOnlySpan<char> unit, out double factor)
    {
        foreach (var (name, milliseconds) in Units)
        {
            if (unit.SequenceEqual(name))
            {
                factor = milliseconds;
                return true;
            }
        }

        factor = 0;
        return false;
    }
}
