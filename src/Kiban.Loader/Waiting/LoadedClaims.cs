using System.Globalization;
using System.Text;

namespace Kiban.Loader.Waiting;

/// <summary>Which claims of a Pod are loaded, by its annotation.</summary>
internal static class LoadedClaims
{
    private const string Annotation = "dataset.kiban.dev/loaded-claims";

    /// <summary>
    /// Reads a file of a downwardAPI volume: either all annotations, a line <c>key="value"</c> each with the value quoted as in Go, or the value of
    /// this one alone.
    /// </summary>
    public static IReadOnlyList<string> Read(string text)
    {
        const string Quote = "\"";
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(Annotation + "=" + Quote, StringComparison.Ordinal) && line.EndsWith(Quote, StringComparison.Ordinal) && line.Length > Annotation.Length + 2)
                return Names(Unquote(line[(Annotation.Length + 2)..^1]));
        }

        return text.Contains('=', StringComparison.Ordinal) ? [] : Names(text);
    }

    private static string[] Names(string list) => list.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Unquote(string text)
    {
        var value = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                value.Append(text[i]);
                continue;
            }

            var escape = text[++i];
            if (escape == 'u' && i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var unit))
            {
                value.Append((char)unit);
                i += 4;
            }
            else
            {
                value.Append(escape switch { 'n' => '\n', 't' => '\t', 'r' => '\r', _ => escape });
            }
        }

        return value.ToString();
    }
}
