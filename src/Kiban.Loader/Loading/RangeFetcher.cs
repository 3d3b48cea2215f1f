using Kiban.Loader.Journals;
using Kiban.Loader.Stores;

namespace Kiban.Loader.Loading;

/// <summary>Brings one range from its store into its file: read, summed, written, recorded.</summary>
internal sealed class RangeFetcher(
    IReadOnlyList<LoadSource> sources, Journal journal, BufferPool buffers, StallWatch watch, EgressBudget budget, LoadCounters counters)
{
    /// <summary>After so many bytes what is written is recorded: no more of a range is fetched again after a kill.</summary>
    private const long PieceLength = 1024 * 1024;

    /// <summary>Fetches a range, once. What arrived before a failure is kept.</summary>
    /// <exception cref="LoadException">The volume refuses, or the budget is used up.</exception>
    /// <exception cref="OperationCanceledException">The load ends; what arrived is recorded.</exception>
    public async Task<RangeOutcome> FetchAsync(FileRange range, CancellationToken cancellationToken)
    {
        range.File.Open();
        if (range.Length == 0)
            return new RangeOutcome(0, null, false);

        using var attempt = watch.Begin(cancellationToken);
        RangeWriter? writer = null;
        StoreException? failure = null;
        try
        {
            using var body = await OpenAsync(range, attempt.Token).ConfigureAwait(false);
            writer = new RangeWriter(range, journal, counters);
            var buffer = buffers.Rent();
            try
            {
                await CopyAsync(body.Content, range, writer, buffer, attempt).ConfigureAwait(false);
            }
            finally
            {
                buffers.Return(buffer);
            }

            if (range.Length is null && body.Length >= 0 && body.Length != writer.Length)
                throw new StoreException(StoreFailure.Unavailable, $"{range.File.File.Object.Key} ended after {writer.Length} of {body.Length} bytes.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            failure = new StoreException(StoreFailure.Unavailable, $"Next to nothing arrived of {range.File.File.Object.Key} for some time.");
        }
        catch (Exception e) when (StoreFailures.Of(e) is { } told)
        {
            failure = told;
        }
        finally
        {
            // Also what arrived before a break or the end of the load counts.
            writer?.FinishPiece();
        }

        if (failure is null && range.Length is null)
            range.File.MarkEnded();
        return new RangeOutcome(writer?.Length ?? 0, failure, attempt.HasStalled);
    }

    private async Task<RangeBody> OpenAsync(FileRange range, CancellationToken cancellationToken)
    {
        var (file, item) = (range.File, range.File.File.Object);
        var store = sources[file.File.Source].Store;
        var isWhole = range.Offset == 0 && (range.Length is null || range.Length == item.Size);
        if (!isWhole)
            await file.LearnChecksumsAsync(null, () => store.DescribeAsync(item, cancellationToken)).ConfigureAwait(false);
        var body = await store.OpenRangeAsync(item, range.Offset, range.Length ?? -1, cancellationToken).ConfigureAwait(false);
        if (isWhole)
            await file.LearnChecksumsAsync(body.Checksums, () => Task.FromResult(item.Checksums)).ConfigureAwait(false);
        return body;
    }

    private async Task CopyAsync(Stream body, FileRange range, RangeWriter writer, byte[] buffer, RangeAttempt attempt)
    {
        var left = range.Length ?? long.MaxValue;
        var filled = 0;
        try
        {
            while (left > 0)
            {
                var room = (int)Math.Min(left, buffer.Length - filled);
                var count = await body.ReadAsync(buffer.AsMemory(filled, room), attempt.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    if (range.Length is null)
                        return;
                    throw new StoreException(StoreFailure.Unavailable, $"The server ended {range.File.File.Object.Key} {left} bytes early.");
                }

                attempt.Add(count);
                filled += count;
                left -= count;
                budget.Add(count);
                if (filled == buffer.Length)
                    filled = writer.Write(buffer);
                if (writer.PieceBytes >= PieceLength)
                    writer.FinishPiece();
            }
        }
        finally
        {
            writer.Write(buffer.AsSpan(0, filled));
        }
    }
}
