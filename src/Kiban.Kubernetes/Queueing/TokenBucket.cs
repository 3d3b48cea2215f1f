namespace Kiban.Kubernetes.Queueing;

/// <summary>
/// A token bucket that lends: whoever takes a token that is not there yet is told how long to wait for it. Not thread-safe.
/// Over any span the tokens that fall due are at most <c>burst + rate × span</c>.
/// </summary>
internal sealed class TokenBucket(double tokensPerSecond, int burst, TimeProvider time)
{
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Takes one token and returns how long to wait before using it.</summary>
    public TimeSpan Reserve()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + time.GetElapsedTime(_filledAt, now).TotalSeconds * tokensPerSecond);
        _filledAt = now;
        _tokens -= 1;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / tokensPerSecond);
    }
}
