namespace Kiban.Loader.Stores.Listing;

/// <summary>Which page of a bucket's listing is wanted.</summary>
/// <param name="Prefix">What keys begin with.</param>
internal sealed record PageRequest(string Prefix)
{
    /// <summary>Whether keys that go on after the next slash are rolled up to it.</summary>
    public bool RollsUp { get; init; }

    /// <summary>
    /// Only keys behind it are wanted; null for all. A store may give the key itself too, which the caller leaves out.
    /// </summary>
    public string? After { get; init; }

    /// <summary>The token that came with the page before; null for the first page.</summary>
    public string? Token { get; init; }

    /// <summary>Most entries wanted; null for as many as the store gives.</summary>
    public int? Limit { get; init; }
}
