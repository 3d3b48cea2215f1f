namespace Kiban.ObjectStore.Testing.Serving;

/// <summary>Path and query of a request as they were sent. The server's own parsing would lose what signatures and keys depend on.</summary>
/// <param name="Path">Path, still encoded.</param>
/// <param name="Query">Names and values of the query, still encoded, in their order.</param>
internal sealed record RequestTarget(string Path, IReadOnlyList<(string Name, string Value)> Query)
{
    public static RequestTarget Parse(string target)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        return mark < 0
            ? new RequestTarget(target, [])
            : new RequestTarget(target[..mark], [.. target[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Split)]);
    }

    /// <summary>A value of the query, decoded; null where it is absent.</summary>
    public string? Value(string name)
    {
        foreach (var (key, value) in Query)
        {
            if (Decode(key) == name)
                return Decode(value.Replace('+', ' '));
        }

        return null;
    }

    public static string Decode(string text) => Uri.UnescapeDataString(text);

    private static (string Name, string Value) Split(string part)
    {
        var mark = part.IndexOf('=', StringComparison.Ordinal);
        return mark < 0 ? (part, "") : (part[..mark], part[(mark + 1)..]);
    }
}
