namespace Kiban.Loader.Loading;

/// <summary>Tries what is not a range again while it fails in passing: listings.</summary>
internal sealed class RetryPolicy(LoadTiming timing, LoadStatus status, TimeProvider time)
{
    /// <summary>Runs it until it succeeds, fails for good, or has failed for as long as a load is patient.</summary>
    /// <exception cref="LoadException">It failed.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> run, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await run().ConfigureAwait(false);
            }
            catch (Exception e) when (StoreFailures.Of(e) is { } failure)
            {
                if (!failure.IsPassing || time.GetElapsedTime(since) > timing.GiveUpAfter)
                    throw StoreFailures.Ending(failure);
                status.NoteFailure(failure.Message, hasStalled: false);
                await Task.Delay(Backoff.Before(failures, failure.RetryAfter, timing, Random.Shared.NextDouble()), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
