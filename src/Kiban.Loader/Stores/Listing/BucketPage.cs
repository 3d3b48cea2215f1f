namespace Kiban.Loader.Stores.Listing;

/// <summary>A page of a bucket's listing.</summary>
/// <param name="Objects">Objects, directory markers too; their relative path is their key.</param>
/// <param name="Prefixes">Prefixes that keys were rolled up to.</param>
/// <param name="NextToken">Asks for the next page; null after the last.</param>
internal sealed record BucketPage(IReadOnlyList<SourceObject> Objects, IReadOnlyList<string> Prefixes, string? NextToken);
