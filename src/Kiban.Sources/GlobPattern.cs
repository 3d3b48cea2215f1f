namespace Kiban.Sources;

/// <summary>
/// One shell pattern over relative paths. <c>*</c> is any characters but <c>/</c>, <c>?</c> one of them, <c>[a-z]</c> and <c>[!a-z]</c> one of or none
/// of a set, <c>**</c> as a whole part any number of parts (at the end at least one), and <c>\</c> takes the next character as it is. A pattern without a slash is
/// compared with the last part of a path; one with a slash with the whole path; one that ends in a slash takes all that is below.
/// </summary>
public sealed class GlobPattern
{
    private const string AnyParts = "**";

    private readonly string[] _parts;
    private readonly bool _matchesNameOnly;

    private GlobPattern(string text, string[] parts, bool matchesNameOnly) => (Text, _parts, _matchesNameOnly) = (text, parts, matchesNameOnly);

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">It is empty, or a bracket or a backslash is left open.</exception>
    public static GlobPattern Parse(string text)
    {
        var path = text.TrimStart('/');
        if (path.Length == 0)
            throw new FormatException($"The pattern \"{text}\" is empty; a pattern such as *.parquet or images/** is wanted.");
        if (path.EndsWith('/'))
            path += AnyParts;
        var parts = path.Split('/');
        foreach (var part in parts)
            RequireClosed(text, part);
        return new GlobPattern(text, parts, matchesNameOnly: parts.Length == 1 && text[0] != '/' && parts[0] != AnyParts);
    }

    /// <summary>
    /// Reads patterns separated by commas; a comma after a backslash or in brackets belongs to its pattern.
    /// </summary>
    /// <exception cref="FormatException">One of them is wrong.</exception>
    public static IReadOnlyList<GlobPattern> ParseList(string text)
    {
        var patterns = new List<GlobPattern>();
        var start = 0;
        var inBrackets = false;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && !inBrackets))
            {
                if (text[start..i].Trim() is { Length: > 0 } pattern)
                    patterns.Add(Parse(pattern));
                start = i + 1;
            }
            else if (text[i] == '\\')
                i++;
            else if (text[i] is '[' or ']')
                inBrackets = text[i] == '[';
        }

        return patterns;
    }

    /// <summary>Whether the path, parts divided by slashes, is meant by this pattern.</summary>
    public bool Matches(string path)
    {
        if (_matchesNameOnly)
            return PartMatches(_parts[0], path.AsSpan(path.LastIndexOf('/') + 1));

        // One place to return to is enough: a later ** can take over all that an earlier one might have taken.
        var names = path.Split('/');
        int part = 0, name = 0, resumePart = -1, resumeName = 0;
        while (name < names.Length)
        {
            if (part < _parts.Length && _parts[part] == AnyParts)
            {
                // At the end it takes whatever is left, of which there must be something.
                if (part == _parts.Length - 1)
                    return true;
                (resumePart, resumeName) = (part++, name);
            }
            else if (part < _parts.Length && PartMatches(_parts[part], names[name]))
                (part, name) = (part + 1, name + 1);
            else if (resumePart >= 0)
                (part, name) = (resumePart + 1, ++resumeName);
            else
                return false;
        }

        return part == _parts.Length;
    }

    private static bool PartMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, resumePattern = -1, resumeName = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
                (resumePattern, resumeName) = (p++, n);
            else if (p < pattern.Length && CharacterMatches(pattern[p..], name[n..], out var patternLength, out var nameLength))
                (p, n) = (p + patternLength, n + nameLength);
            else if (resumePattern >= 0)
                (p, n) = (resumePattern + 1, ++resumeName);
            else
                return false;
        }

        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }

    private static bool CharacterMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name, out int patternLength, out int nameLength)
    {
        (patternLength, nameLength) = (1, 1);
        switch (pattern[0])
        {
            case '?':
                nameLength = name.Length > 1 && char.IsSurrogatePair(name[0], name[1]) ? 2 : 1;
                return true;
            case '[':
                return SetMatches(pattern, name[0], out patternLength);
            case '\\':
                patternLength = 2;
                return pattern[1] == name[0];
            default:
                return pattern[0] == name[0];
        }
    }

    private static bool SetMatches(ReadOnlySpan<char> pattern, char character, out int length)
    {
        var i = 1;
        var isNegated = pattern[i] is '!' or '^';
        if (isNegated)
            i++;
        var isIn = false;
        // A bracket that comes first belongs to the set.
        for (var first = true; first || pattern[i] != ']'; first = false)
        {
            var low = Next(pattern, ref i);
            var high = low;
            if (pattern[i] == '-' && pattern[i + 1] != ']')
            {
                i++;
                high = Next(pattern, ref i);
            }

            isIn |= low <= character && character <= high;
        }

        length = i + 1;
        return isIn != isNegated;

        static char Next(ReadOnlySpan<char> pattern, ref int i)
        {
            if (pattern[i] == '\\')
                i++;
            return pattern[i++];
        }
    }

    private static void RequireClosed(string text, string part)
    {
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] == '\\' && ++i == part.Length)
                throw new FormatException($"The pattern \"{text}\" ends in a backslash; the character that it is to protect is missing.");
            if (part[i] != '[' || part[Math.Max(i - 1, 0)] == '\\')
                continue;
            i = EndOfSet(part, i);
            if (i < 0)
                throw new FormatException($"The pattern \"{text}\" has a [ without its ]; write \\[ for the character itself.");
        }
    }

    private static int EndOfSet(string part, int open)
    {
        var i = open + 1;
        if (i < part.Length && part[i] is '!' or '^')
            i++;
        for (var first = true; i < part.Length; first = false, i++)
        {
            if (part[i] == ']' && !first)
                return i;
            if (part[i] == '\\')
                i++;
        }

        return -1;
    }
}
