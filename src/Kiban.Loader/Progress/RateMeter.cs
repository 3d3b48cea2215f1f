namespace Kiban.Loader.Progress;

/// <summary>Bytes a second over the last while.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<(long Timestamp, long Bytes)> _samples = [];

    /// <summary>Takes in how many bytes there are now and gives the rate.</summary>
    public double Add(long bytes)
    {
        var now = time.GetTimestamp();
        _samples.Enqueue((now, bytes));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().Timestamp, now) > Window)
            _samples.Dequeue();
        var (timestamp, before) = _samples.Peek();
        var elapsed = time.GetElapsedTime(timestamp, now).TotalSeconds;
        return elapsed > 0 ? Math.Max(0, bytes - before) / elapsed : 0;
    }
}
