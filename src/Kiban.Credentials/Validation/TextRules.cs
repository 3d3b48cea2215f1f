using System.Text;

namespace Kiban.Credentials.Validation;

/// <summary>Rules for short text values, and words for what was found instead.</summary>
internal static class TextRules
{
    /// <summary>Field path of a key.</summary>
    public static string Field(string key) => $"data[\"{key}\"]";

    /// <summary>
    /// The value of a key that must be a single printable word. Everything that a shell adds by accident, and everything that could
    /// start a new line in a rendered file, is refused with its reason; null then, and where the key is absent.
    /// </summary>
    public static string? Word(SecretData data, string key, int maximumLength, SecretReview review)
    {
        if (!data.Has(key))
            return null;
        var field = Field(key);
        if (!data.TryGetText(key, out var text))
        {
            review.Refuse(field, $"{data.Length(key)} bytes that are not UTF-8 text", "write plain text");
            return null;
        }
        if (WordFault(text) is { } fault)
        {
            review.Refuse(field, fault.Found, fault.Wanted);
            return null;
        }
        if (text.Length > maximumLength)
        {
            review.Refuse(field, Count(text), $"at most {maximumLength} are plausible here");
            return null;
        }
        return text;
    }

    /// <summary>Why <paramref name="text"/> is not one printable word; null where it is.</summary>
    public static (string Found, string Wanted)? WordFault(string text)
    {
        if (text.Length == 0)
            return ("an empty value", "write the value, or leave the key out where it is optional");
        if (text.Trim().Length == 0)
            return ("nothing but white space", "write the value, or leave the key out where it is optional");
        if (text.EndsWith('\n') && !text.TrimEnd('\r', '\n').AsSpan().ContainsAny('\r', '\n'))
            return ($"{Count(text)} that end with a line break", "leave the line break out (echo adds one; printf %s and --from-literal do not)");
        if (text.AsSpan().ContainsAny('\r', '\n'))
            return ($"{Count(text)} on several lines", "write one line");
        if (text.Any(char.IsControl))
            return ($"{Count(text)} with control characters among them", "write printable characters only");
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
            return ($"{Count(text)} with white space at the {(char.IsWhiteSpace(text[0]) ? "beginning" : "end")}", "leave the white space out");
        if (text.Any(char.IsWhiteSpace))
            return ($"{Count(text)} with white space among them", "write it without white space");
        if ((text[0], text[^1]) is ('"', '"') or ('\'', '\''))
            return ($"{Count(text)} in quotation marks", "leave the quotation marks out");
        if (text.EnumerateRunes().Any(rune => !rune.IsAscii))
            return ($"{Count(text)} that are not all ASCII", "write ASCII characters only");
        return null;
    }

    /// <summary><c>1 character</c>, <c>20 characters</c>.</summary>
    public static string Count(string text) => text.Length == 1 ? "1 character" : $"{text.Length} characters";

    /// <summary>The key of <paramref name="known"/> that a mistyped name most likely means; null where none is near.</summary>
    public static string? Nearest(string typed, IEnumerable<string> known)
    {
        var simple = Simplify(typed);
        return known
            .Select(key => (Key: key, Distance: Distance(simple, Simplify(key))))
            .Where(candidate => candidate.Distance <= (candidate.Key.Length < 6 ? 1 : Math.Max(2, candidate.Key.Length / 5)))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Key)
            .FirstOrDefault();
    }

    // AWS_ACCESS_KEY_ID, awsAccessKeyId and aws-access-key-id all mean aws_access_key_id.
    private static string Simplify(string key)
    {
        var simple = new StringBuilder(key.Length);
        foreach (var c in key)
        {
            if (char.IsAsciiLetterOrDigit(c))
                simple.Append(char.ToLowerInvariant(c));
        }
        return simple.ToString();
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
