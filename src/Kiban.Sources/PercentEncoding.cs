using System.Diagnostics.CodeAnalysis;

namespace Kiban.Sources;

internal static class PercentEncoding
{
    /// <summary>Decodes <c>%XX</c>; false where a <c>%</c> is not followed by two hexadecimal digits.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out string? decoded)
    {
        for (var i = text.IndexOf('%'); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                decoded = null;
                return false;
            }
        }
        decoded = Uri.UnescapeDataString(text);
        return true;
    }
}
