using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Kiban.Loader.Stores.Listing;

/// <summary>
/// Lists all below a prefix, several pages at a time where the listing is long. A listing is in order and can begin behind any key, so it can be cut
/// anywhere; the names of directories, which the store rolls up on request, are where it is cut.
/// </summary>
internal sealed class ParallelListing(IBucketPages pages, string prefix)
{
    /// <summary>Cuts at a time: more find their use in few stores.</summary>
    private const int MostPieces = 8;

    /// <summary>Directories that are looked into for places to cut at.</summary>
    private const int DeepestLook = 4;

    /// <summary>All objects below the prefix, in pages in no promised order; none twice.</summary>
    public async IAsyncEnumerable<IReadOnlyList<SourceObject>> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = await pages.ReadAsync(new PageRequest(prefix), cancellationToken);
        yield return first.Objects;
        if (first.NextToken is null)
            yield break;

        // A store whose listing is in no order, as some small ones', is read page by page.
        var whole = new Piece(After: null, Through: null) { Token = first.NextToken, IsInOrder = IsInOrder(first.Objects, null) };
        if (first.Objects.Count > 0)
            whole = whole with { Last = first.Objects[^1].Key };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var found = Channel.CreateBounded<IReadOnlyList<SourceObject>>(new BoundedChannelOptions(2 * MostPieces) { SingleReader = true });
        var work = new PieceQueue(whole);
        var readers = ReadAllAsync(work, found.Writer, stop);
        try
        {
            await foreach (var page in found.Reader.ReadAllAsync(cancellationToken))
                yield return page;
        }
        finally
        {
            await stop.CancelAsync();
            await readers;
        }
    }

    private async Task ReadAllAsync(PieceQueue work, ChannelWriter<IReadOnlyList<SourceObject>> found, CancellationTokenSource stop)
    {
        Exception? fault = null;
        await Task.WhenAll(Enumerable.Range(0, MostPieces).Select(async _ =>
        {
            try
            {
                while (await work.TakeAsync(stop.Token) is { } piece)
                {
                    await ReadAsync(piece, work, found, stop.Token);
                    work.Finished();
                }
            }
            catch (Exception e)
            {
                // The first fault is the listing's; the others are asked to stop, which is no fault of theirs.
                Interlocked.CompareExchange(ref fault, e, null);
                await stop.CancelAsync();
            }
        }));
        found.Complete(fault);
    }

    private async Task ReadAsync(Piece piece, PieceQueue work, ChannelWriter<IReadOnlyList<SourceObject>> found, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (piece is { IsInOrder: true, Last: { } last, Token: not null } && !piece.WasCut && work.HasIdle)
            {
                piece = piece with { WasCut = true };
                var cuts = await FindCutsAsync(last, piece.Through, cancellationToken);
                if (cuts.Count > 0)
                {
                    for (var i = 0; i < cuts.Count; i++)
                        work.Add(new Piece(cuts[i], i + 1 < cuts.Count ? cuts[i + 1] : piece.Through));
                    piece = piece with { Through = cuts[0] };
                }
            }

            var page = await pages.ReadAsync(new PageRequest(prefix) { After = piece.After, Token = piece.Token }, cancellationToken);
            if (page.NextToken is not null && page.NextToken == piece.Token)
                throw new StoreException(StoreFailure.Unavailable, $"The listing below '{prefix}' does not go on: the same page is offered again.");
            if (piece.IsPart && !IsInOrder(page.Objects, piece.Last))
                throw new StoreException(StoreFailure.Unsupported, $"The listing below '{prefix}' is in no order, though it began in one.");
            var own = piece.OwnOf(page.Objects);
            if (own.Count > 0)
                await found.WriteAsync(own, cancellationToken);
            if (page.NextToken is null || own.Count < page.Objects.Count && piece.IsPast(page.Objects[^1].Key))
                return;
            piece = piece with { Token = page.NextToken, Last = page.Objects.Count > 0 ? page.Objects[^1].Key : piece.Last };
        }
    }

    /// <summary>Keys between two others at which the rest of a listing can be cut; none where it has no directories there.</summary>
    private async Task<IReadOnlyList<string>> FindCutsAsync(string after, string? through, CancellationToken cancellationToken)
    {
        var directory = prefix;
        for (var depth = 0; depth < DeepestLook; depth++)
        {
            BucketPage page;
            try
            {
                page = await pages.ReadAsync(new PageRequest(directory) { RollsUp = true, After = after }, cancellationToken);
            }
            catch (StoreException e) when (e.Failure == StoreFailure.Unsupported)
            {
                // A server that cannot roll up is read in one piece.
                return [];
            }

            var cuts = page.Prefixes.Where(cut => KeyOrder.Compare(cut, after) > 0 && (through is null || KeyOrder.Compare(cut, through) < 0)).ToArray();

            // Of more directories than a page holds nothing is known, so one cut is enough: what is behind it is looked at in turn.
            if (cuts.Length > 0)
                return page.NextToken is not null ? [cuts[^1]] : [.. EvenlySpread(cuts)];
            var slash = after.IndexOf('/', directory.Length);
            if (slash < 0)
                return [];
            directory = after[..(slash + 1)];
        }

        return [];
    }

    private static IEnumerable<string> EvenlySpread(string[] cuts)
    {
        var count = Math.Min(cuts.Length, 2 * MostPieces);
        for (var i = 0; i < count; i++)
            yield return cuts[(int)((long)i * cuts.Length / count)];
    }

    private static bool IsInOrder(IReadOnlyList<SourceObject> objects, string? last)
    {
        foreach (var stored in objects)
        {
            if (last is not null && KeyOrder.Compare(last, stored.Key) >= 0)
                return false;
            last = stored.Key;
        }

        return true;
    }
}
