using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Kiban.Loader.Journals;
using Kiban.Loader.Planning;
using Kiban.Loader.Publishing;
using Kiban.Loader.Stores;

namespace Kiban.Loader.Loading;

/// <summary>
/// Fetches everything in a queue, by as many tasks as there may be connections. Failures that pass are tried again here; files that turned out
/// changed or wrong are left for another round.
/// </summary>
internal sealed class FetchRound(
    RangeQueue queue, RangeFetcher fetcher, ConnectionLimit limit, Publisher publisher, Journal journal, BufferPool buffers, LoadStatus status, LoadTiming timing)
{
    private readonly ConcurrentBag<FileAssembly> _abandoned = [];
    private readonly ConcurrentBag<PlannedFile> _changed = [];
    private readonly ConcurrentBag<(PlannedFile File, string Problem)> _mismatched = [];

    /// <summary>Files whose object is no longer what was listed.</summary>
    public IReadOnlyCollection<PlannedFile> Changed => _changed;

    /// <summary>Files that arrived with other content than their source vouches for, and what was wrong.</summary>
    public IReadOnlyCollection<(PlannedFile File, string Problem)> Mismatched => _mismatched;

    /// <summary>Runs until the queue is empty.</summary>
    /// <param name="workers">Most ranges at once.</param>
    /// <param name="cancellationToken">Ends it; what arrived is recorded.</param>
    /// <exception cref="LoadException">The load cannot go on.</exception>
    public async Task RunAsync(int workers, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => GuardedAsync(stop), CancellationToken.None))).ConfigureAwait(false);
        foreach (var file in _abandoned)
        {
            file.Dispose();
            File.Delete(file.PartialPath);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (first is not null)
            ExceptionDispatchInfo.Throw(first);

        async Task GuardedAsync(CancellationTokenSource all)
        {
            try
            {
                await WorkAsync(all.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // The first failure ends the others, whose cancellation then says nothing.
                if (e is not OperationCanceledException || !all.IsCancellationRequested)
                    Interlocked.CompareExchange(ref first, e, null);
                await all.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await limit.EnterAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (await queue.TakeAsync(cancellationToken).ConfigureAwait(false) is not { } range)
                    return;
                Settle(range, await fetcher.FetchAsync(range, cancellationToken).ConfigureAwait(false), cancellationToken);
            }
            finally
            {
                limit.Leave();
            }
        }
    }

    private void Settle(FileRange range, RangeOutcome outcome, CancellationToken cancellationToken)
    {
        var file = range.File;
        if (outcome.Failure is null || file.IsAbandoned)
        {
            limit.Succeeded();
            if (queue.Finish(range))
                Finish(file, cancellationToken);
            return;
        }

        if (!outcome.Failure.IsPassing)
            throw StoreFailures.Ending(outcome.Failure);
        if (outcome.Failure.Failure == StoreFailure.Changed)
        {
            if (queue.Abandon(file))
            {
                Drop(file);
                _changed.Add(file.File);
            }

            queue.Finish(range);
            return;
        }

        if (outcome.Failure.Failure == StoreFailure.Throttled)
            limit.Throttled(outcome.Failure.RetryAfter);
        status.NoteFailure(outcome.Failure.Message, outcome.HasStalled);
        queue.Return(Rest(range, outcome.Written), Wait(range, outcome));
    }

    /// <summary>What is still to be fetched of a range; an object that is read in one stream begins again.</summary>
    private FileRange Rest(FileRange range, long written)
    {
        if (range.File.IsSplit)
            return range with { Offset = range.Offset + written, Length = range.Length - written, Failures = written > 0 ? 1 : range.Failures + 1 };
        status.Counters.AddBytes(-range.File.Length);
        range.File.Restart();
        return range with { Failures = range.Failures + 1 };
    }

    /// <summary>A connection that stalled is replaced at once; a server that refuses is left alone for a while.</summary>
    private TimeSpan Wait(FileRange range, RangeOutcome outcome) =>
        outcome.HasStalled && range.Failures == 0 ? TimeSpan.Zero : Backoff.Before(range.Failures + 1, outcome.Failure!.RetryAfter, timing, Random.Shared.NextDouble());

    private void Finish(FileAssembly file, CancellationToken cancellationToken)
    {
        var buffer = buffers.Rent();
        try
        {
            if (FileVerifier.Mismatch(file, buffer, cancellationToken) is not { } problem)
            {
                file.Close();
                publisher.Add(file);
                return;
            }

            Drop(file);
            _mismatched.Add((file.File, problem));
        }
        finally
        {
            buffers.Return(buffer);
        }
    }

    private void Drop(FileAssembly file)
    {
        journal.Append(new JournalRecord.Dropped(file.Id));
        status.Counters.AddBytes(-file.Length);
        _abandoned.Add(file);
    }
}
