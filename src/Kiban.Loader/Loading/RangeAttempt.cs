namespace Kiban.Loader.Loading;

/// <summary>One try to fetch a range, as the watch over stalls sees it.</summary>
internal sealed class RangeAttempt : IDisposable
{
    private readonly StallWatch _watch;
    private readonly CancellationTokenSource _cancel;
    private long _bytes;

    /// <summary>A try that begins now.</summary>
    public RangeAttempt(StallWatch watch, long now, CancellationToken cancellationToken)
    {
        (_watch, WindowStart) = (watch, now);
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Ends the try when it stalls, or the load.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>Whether it was ended because next to nothing arrived.</summary>
    public bool HasStalled { get; private set; }

    /// <summary>Bytes so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>When the watch last found that enough had arrived; only the watch uses it.</summary>
    public long WindowStart { get; set; }

    /// <summary>Bytes at that time; only the watch uses it.</summary>
    public long WindowBytes { get; set; }

    /// <summary>Counts bytes that arrived.</summary>
    public void Add(int bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Ends the try.</summary>
    public void End()
    {
        HasStalled = true;
        _cancel.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch.Remove(this);
        _cancel.Dispose();
    }
}
