using Kiban.Loader.Journals;
using Kiban.Loader.Stores;

namespace Kiban.Loader.Loading;

/// <summary>Brings one range from its store into its file: read, summed, written, recorded.</summary>
internal sealed class RangeFetcher(
    IReadOnlyList<LoadSource> sources, Journal journal, BufferPool buffers, StallWatch watch, EgressBudget budget, LoadCounters counters)
{
    /// <summary>After so many bytes what is written is recorded: no more of a range is fetched again after a kill.</summary>
    private const long PieceLength = 8 * 1024 * 1024;

    /// <summary>Fetches a range, once. What arrived before a failure is kept.</summary>
    /// <exception cref="LoadException">The volume refuses, or the budget is used up.</exception>
    /// <exception cref="OperationCanceledException">The load ends; what arrived is recorded.</exception>
    public async Task<RangeOutcome> FetchAsync(FileRange range, CancellationToken cancellationToken)
    {
        range.File.Open();
        if (range.Length == 0)
            return new RangeOutcome(0, null, false);

        using var attempt = watch.Begin(cancellationToken);
        var writer = new RangeWriter(range, journal, counters);
        try
        {
            var store = sources[range.File.File.Source].Store;
            using var body = await store.OpenRangeAsync(range.File.File.Object, range.Offset, range.Length ?? -1, attempt.Token).ConfigureAwait(false);
            var buffer = buffers.Rent();
            try
            {
                await CopyAsync(body.Content, range, writer, buffer, attempt).ConfigureAwait(false);
            }
            finally
            {
                buffers.Return(buffer);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            writer.FinishPiece();
            var message = $"Nothing arrived of {range.File.File.Object.Key} for a long time.";
            return new RangeOutcome(writer.Length, new StoreException(StoreFailure.Unavailable, message), attempt.HasStalled);
        }
        catch (Exception e) when (StoreFailures.Of(e) is { } failure)
        {
            writer.FinishPiece();
            return new RangeOutcome(writer.Length, failure, false);
        }
        catch (OperationCanceledException)
        {
            writer.FinishPiece();
            throw;
        }

        writer.FinishPiece();
        if (range.Length is null)
            range.File.MarkEnded();
        return new RangeOutcome(writer.Length, null, false);
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
            // Also what arrived before a break counts.
            writer.Write(buffer.AsSpan(0, filled));
        }
    }
}
