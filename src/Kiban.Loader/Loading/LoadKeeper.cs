using Kiban.Loader.FileSystem;
using Kiban.Loader.Journals;

namespace Kiban.Loader.Loading;

/// <summary>
/// What goes on beside a load: stalled tries are ended, what was written is made durable from time to time, what was fetched is written down
/// for the budget, and a load to which nothing arrives any more ends.
/// </summary>
internal sealed class LoadKeeper(
    Volume volume, Journal journal, StallWatch watch, EgressBudget budget, LoadStatus status, LoadTiming timing, TimeProvider time)
{
    /// <summary>What was fetched is written down at least as often as this many bytes; a kill can hide no more from the budget.</summary>
    private const long CountEvery = 32 * 1024 * 1024;

    private long _counted = budget.Fetched;
    private long _durable;

    /// <summary>Runs until <paramref name="stop"/> is cancelled, or cancels it.</summary>
    /// <exception cref="LoadException">The load must end.</exception>
    public async Task RunAsync(CancellationTokenSource stop)
    {
        var checkpoint = time.GetTimestamp();
        try
        {
            using var timer = new PeriodicTimer(watch.Interval, time);
            while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
            {
                watch.Check();
                Count();
                RequireArrivals();
                if (time.GetElapsedTime(checkpoint) < timing.CheckpointEvery || journal.Position == _durable)
                    continue;
                Checkpoint();
                checkpoint = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Count()
    {
        if (budget.Fetched - _counted < CountEvery)
            return;
        _counted = budget.Fetched;
        journal.Append(new JournalRecord.Fetched(_counted));
    }

    /// <summary>
    /// Syncs the whole file system rather than file by file: also files that are complete and closed, but have no name yet, are spoken of below
    /// the position.
    /// </summary>
    private void Checkpoint()
    {
        var position = journal.Position;
        volume.Sync();
        journal.MarkDurable(position);
        _durable = journal.Position;
    }

    private void RequireArrivals()
    {
        if (!status.IsFetching || status.SinceArrival() < timing.GiveUpAfter)
            return;
        throw new LoadException(
            status.HasStalled ? LoadReason.Stalled : LoadReason.StoreUnavailable,
            $"Nothing arrived for {timing.GiveUpAfter.TotalMinutes:F0} minutes. {status.LastFailure ?? "The source does not answer."}");
    }
}
