namespace Kiban.Loader.Loading;

/// <summary>Ends tries to which next to nothing arrives, so that their ranges go to other connections.</summary>
/// <param name="timing">How patient it is.</param>
/// <param name="time">Its clock.</param>
internal sealed class StallWatch(LoadTiming timing, TimeProvider time)
{
    /// <summary>Fewer bytes than these in the time are a stall: a server that sends one now and then only seems to live.</summary>
    private const int FewBytes = 4096;

    private readonly Lock _lock = new();
    private readonly HashSet<RangeAttempt> _attempts = [];

    /// <summary>How often to <see cref="Check"/>.</summary>
    public TimeSpan Interval { get; } = timing.StallAfter / 8;

    /// <summary>A try that begins now.</summary>
    public RangeAttempt Begin(CancellationToken cancellationToken)
    {
        var attempt = new RangeAttempt(this, time.GetTimestamp(), cancellationToken);
        lock (_lock)
            _attempts.Add(attempt);
        return attempt;
    }

    /// <summary>Looks at all tries.</summary>
    public void Check()
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            foreach (var attempt in _attempts)
            {
                var bytes = attempt.Bytes;
                if (bytes - attempt.WindowBytes >= FewBytes)
                    (attempt.WindowStart, attempt.WindowBytes) = (now, bytes);
                else if (!attempt.HasStalled && time.GetElapsedTime(attempt.WindowStart, now) >= timing.StallAfter)
                    attempt.End();
            }
        }
    }

    /// <summary>Forgets a try that ended.</summary>
    public void Remove(RangeAttempt attempt)
    {
        lock (_lock)
            _attempts.Remove(attempt);
    }
}
