namespace Kiban.Loader.Loading;

/// <summary>
/// How many ranges are asked for at once. It begins low and doubles while the server answers, is halved when it asks for less, and then grows by
/// one for as many ranges as it allows at once.
/// </summary>
/// <param name="most">Never more than these.</param>
/// <param name="time">Clock of the rests that servers ask for.</param>
internal sealed class ConnectionLimit(int most, TimeProvider time)
{
    private const int AtFirst = 4;

    /// <summary>Refusals within this time are one: they are of requests that were on their way together.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private double _limit = Math.Min(AtFirst, most);
    private bool _wasThrottled;
    private long? _lastCut;
    private long _restUntil;
    private int _inUse;

    /// <summary>How many are allowed now.</summary>
    public int Current
    {
        get
        {
            lock (_lock)
                return (int)_limit;
        }
    }

    /// <summary>Waits until one more range may be asked for.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource? turn = null;
            TimeSpan rest;
            lock (_lock)
            {
                rest = TimeSpan.FromSeconds((double)(_restUntil - time.GetTimestamp()) / time.TimestampFrequency);
                if (_restUntil == 0 || rest <= TimeSpan.Zero)
                {
                    _restUntil = 0;
                    if (_inUse < (int)_limit)
                    {
                        _inUse++;
                        return;
                    }

                    turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _waiting.Enqueue(turn);
                }
            }

            if (turn is null)
                await Task.Delay(rest, time, cancellationToken).ConfigureAwait(false);
            else
                await WaitAsync(turn, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A range was answered.</summary>
    public void Succeeded()
    {
        lock (_lock)
            _limit = Math.Min(most, _limit + (_wasThrottled ? 1 / _limit : 1));
    }

    /// <summary>The server asked for fewer requests.</summary>
    /// <param name="retryAfter">How long it wants none at all.</param>
    public void Throttled(TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (retryAfter is { } rest)
                _restUntil = Math.Max(_restUntil, now + (long)(rest.TotalSeconds * time.TimestampFrequency));
            if (_lastCut is { } last && time.GetElapsedTime(last, now) < Together)
                return;
            (_lastCut, _wasThrottled) = (now, true);
            _limit = Math.Max(1, Math.Floor(_limit / 2));
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _inUse--;
            Wake();
        }
    }

    private async Task WaitAsync(TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        try
        {
            await turn.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A turn that came at the same moment goes to the next who waits.
            lock (_lock)
            {
                if (!turn.TrySetCanceled(cancellationToken))
                    Wake();
            }

            throw;
        }
    }

    /// <summary>Lets those try again for whom there is room; those that were cancelled take none.</summary>
    private void Wake()
    {
        for (var free = (int)_limit - _inUse; free > 0 && _waiting.TryDequeue(out var turn);)
        {
            if (turn.TrySetResult())
                free--;
        }
    }
}
