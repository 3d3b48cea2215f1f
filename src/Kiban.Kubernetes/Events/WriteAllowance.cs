namespace Kiban.Kubernetes.Events;

/// <summary>A token bucket that says no rather than lend: what is not allowed now is not wanted later.</summary>
internal sealed class WriteAllowance(TimeProvider time, int burst, double perSecond)
{
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Whether nothing is known here that a new one would not know.</summary>
    public bool IsFull
    {
        get
        {
            Fill();
            return _tokens >= burst;
        }
    }

    public bool TryTake()
    {
        Fill();
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
    }
}
