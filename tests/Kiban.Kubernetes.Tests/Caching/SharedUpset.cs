namespace Kiban.Kubernetes.Tests.Caching;

/// <summary>What goes wrong for several trials at once, when all of them have come so far.</summary>
/// <param name="participants">How many trials there are.</param>
/// <param name="upset">What goes wrong.</param>
internal sealed class SharedUpset(int participants, Func<Task> upset) : IDisposable
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _alone = new(1);
    private int _missing = participants;

    public void Dispose() => _alone.Dispose();

    /// <summary>Waits for the others; the last one makes it happen.</summary>
    public async Task TogetherAsync()
    {
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            await upset();
            _over.TrySetResult();
        }

        await _over.Task;
    }

    /// <summary>Does what must not be done by two at once.</summary>
    public async Task AloneAsync(Func<Task> work)
    {
        await _alone.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            _alone.Release();
        }
    }

    /// <summary>Ends the wait of the others: one will not come.</summary>
    public void GiveUp() => _over.TrySetException(new InvalidOperationException("Another trial failed before."));
}
