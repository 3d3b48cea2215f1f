namespace Kiban.Loader.Stores.Listing;

/// <summary>A part of a listing that is read page after page.</summary>
/// <param name="After">It holds keys behind this one; null for the beginning.</param>
/// <param name="Through">It ends with this key; null for the listing's end.</param>
internal sealed record Piece(string? After, string? Through)
{
    /// <summary>Token of its next page; null before its first.</summary>
    public string? Token { get; init; }

    /// <summary>The last key that came; null before its first page.</summary>
    public string? Last { get; init; }

    /// <summary>Whether it has been looked for places to cut it.</summary>
    public bool WasCut { get; init; }

    /// <summary>Whether keys come in order.</summary>
    public bool IsInOrder { get; init; } = true;

    /// <summary>Whether other pieces hold the rest, so that order matters.</summary>
    public bool IsPart => After is not null || Through is not null;

    /// <summary>Whether the key is behind the end.</summary>
    public bool IsPast(string key) => Through is not null && KeyOrder.Compare(key, Through) > 0;

    /// <summary>What of a page belongs to it.</summary>
    public IReadOnlyList<SourceObject> OwnOf(IReadOnlyList<SourceObject> objects) => IsPart
        ? [.. objects.Where(stored => !IsPast(stored.Key) && (After is null || KeyOrder.Compare(stored.Key, After) > 0))]
        : objects;
}
