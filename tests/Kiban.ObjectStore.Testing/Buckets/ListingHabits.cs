namespace Kiban.ObjectStore.Testing.Buckets;

/// <summary>What a store does with listings within its rights, but not as clients expect it.</summary>
public sealed record ListingHabits
{
    /// <summary>Most keys in a page.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Whether every page of keys is followed by an empty one that has a token for more.</summary>
    public bool HasEmptyPages { get; init; }

    /// <summary>Whether S3's ListObjectsV2 is served.</summary>
    public bool ServesVersion2 { get; init; } = true;

    /// <summary>Whether a wish for ListObjectsV2 is overlooked, and answered by version 1.</summary>
    public bool OverlooksVersion2 { get; init; }

    /// <summary>Whether roll-up (<c>delimiter</c>) is refused.</summary>
    public bool RefusesRollUp { get; init; }

    /// <summary>Whether S3's <c>encoding-type=url</c> is honoured; keys come as they are where not.</summary>
    public bool EncodesKeys { get; init; } = true;

    /// <summary>Whether the last page says that there is more, with a token, and an empty page follows.</summary>
    public bool EndsWithEmptyPage { get; init; }
}
