namespace Kiban.Loader.Loading;

/// <summary>What a load is doing, for those who show it.</summary>
internal sealed class LoadStatus(TimeProvider time)
{
    private volatile LoadState _state = new(LoadReason.Listing, "Listing the sources.");
    private long _lastArrival = time.GetTimestamp();
    private long _lastFetched;
    private volatile string? _lastFailure;
    private volatile bool _hasStalled;

    /// <summary>How far it is.</summary>
    public LoadCounters Counters { get; } = new();

    /// <summary>What may be fetched, and was.</summary>
    public EgressBudget? Budget { get; set; }

    /// <summary>Bytes of the whole data set.</summary>
    public long TotalBytes { get; set; }

    /// <summary>Files of the whole data set.</summary>
    public int TotalFiles { get; set; }

    /// <summary>What it is doing.</summary>
    public LoadState State => _state;

    /// <summary>The last passing failure; null where there was none.</summary>
    public string? LastFailure => _lastFailure;

    /// <summary>Whether the last passing failure was that next to nothing arrived.</summary>
    public bool HasStalled => _hasStalled;

    /// <summary>Told of every change of <see cref="State"/>.</summary>
    public event Action<LoadState>? StateChanged;

    /// <summary>Goes on to something else.</summary>
    public void Enter(LoadReason state, string message)
    {
        _state = new LoadState(state, message);
        StateChanged?.Invoke(_state);
    }

    /// <summary>Notes a failure that will be tried again.</summary>
    public void NoteFailure(string message, bool hasStalled) => (_lastFailure, _hasStalled) = (message, hasStalled);

    /// <summary>How long nothing has arrived.</summary>
    public TimeSpan SinceArrival()
    {
        var fetched = Budget?.Fetched ?? 0;
        if (fetched != _lastFetched)
            (_lastFetched, _lastArrival) = (fetched, time.GetTimestamp());
        return time.GetElapsedTime(_lastArrival);
    }
}
