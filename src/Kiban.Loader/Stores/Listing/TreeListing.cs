using System.Runtime.CompilerServices;
using Kiban.Sources;

namespace Kiban.Loader.Stores.Listing;

/// <summary>
/// What a source means in a bucket. With a slash at its end: all below it. Without: the object of just that key, or else all below it and a slash; where
/// both are there, one object below comes too, under a path that cannot be beside the object's, so that the plan tells of it.
/// </summary>
internal sealed class TreeListing(IBucketPages pages, SourceUri source)
{
    /// <summary>Objects with their paths below the target directory, without directory markers.</summary>
    public async IAsyncEnumerable<IReadOnlyList<SourceObject>> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = source.Key;
        if (!source.IsTree)
        {
            var below = source.Key + "/";
            if (await FirstAsync(source.Key, stored => stored.Key == source.Key, cancellationToken) is { } only)
            {
                var name = only.Key[(only.Key.LastIndexOf('/') + 1)..];
                yield return [only with { RelativePath = name }];
                if (await FirstAsync(below, stored => !IsMarker(stored), cancellationToken) is { } beside)
                    yield return [beside with { RelativePath = $"{name}/{beside.Key[below.Length..]}" }];
                yield break;
            }

            prefix = below;
        }

        await foreach (var page in new ParallelListing(pages, prefix).ListAsync(cancellationToken))
        {
            var objects = new List<SourceObject>(page.Count);
            foreach (var stored in page)
            {
                if (!IsMarker(stored))
                    objects.Add(prefix.Length == 0 ? stored : stored with { RelativePath = stored.Key[prefix.Length..] });
            }

            if (objects.Count > 0)
                yield return objects;
        }
    }

    /// <summary>The first object below the prefix, if it is of the kind looked for; what comes before it in order are markers at most.</summary>
    private async Task<SourceObject?> FirstAsync(string prefix, Func<SourceObject, bool> isWanted, CancellationToken cancellationToken)
    {
        const int FewKeys = 2;
        string? token = null;
        do
        {
            var page = await pages.ReadAsync(new PageRequest(prefix) { Token = token, Limit = FewKeys }, cancellationToken);
            if (page.Objects.FirstOrDefault(isWanted) is { } found)
                return found;
            if (page.Objects.Count > 0 && !page.Objects.All(IsMarker))
                return null;
            token = page.NextToken;
        }
        while (token is not null);
        return null;
    }

    private static bool IsMarker(SourceObject stored) => stored.Size == 0 && stored.Key.EndsWith('/');
}
