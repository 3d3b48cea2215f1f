namespace Kiban.Loader.Stores.Google;

/// <summary>A page of a listing (<see href="https://cloud.google.com/storage/docs/json_api/v1/objects/list"/>), as far as it is read.</summary>
internal sealed record ObjectsPage
{
    /// <summary>Asks for the next page.</summary>
    public string? NextPageToken { get; init; }

    /// <summary>Objects.</summary>
    public IReadOnlyList<ObjectResource>? Items { get; init; }

    /// <summary>Prefixes that names were rolled up to.</summary>
    public IReadOnlyList<string>? Prefixes { get; init; }
}
