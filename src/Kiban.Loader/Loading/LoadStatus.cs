namespace Kiban.Loader.Loading;

/// <summary>What a load is doing, for those who show it.</summary>
internal sealed class LoadStatus(TimeProvider time)
{
    private const int FewBytes = 64 * 1024;

    private volatile LoadState _state = new(LoadReason.Listing, "Listing the sources.");
    private long _lastArrival = time.GetTimestamp();
    private long _lastFetched;
    private volatile string? _lastFailure;
    private volatile bool _hasStalled;
    private volatile bool _isFetching;

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

    /// <summary>Whether something is waited for to arrive. The time that nothing does is counted from when this becomes true.</summary>
    public bool IsFetching
    {
        get => _isFetching;
        set => (_lastArrival, _isFetching) = (time.GetTimestamp(), value);
    }

    /// <summary>Notes a failure that will be tried again.</summary>
    public void NoteFailure(string message, bool hasStalled) => (_lastFailure, _hasStalled) = (message, hasStalled);

    /// <summary>How long next to nothing has arrived: a few bytes with every try are not a load that goes on.</summary>
    public TimeSpan SinceArrival()
    {
        var fetched = Budget?.Fetched ?? 0;
        if (fetched - _lastFetched >= FewBytes)
            (_lastFetched, _lastArrival) = (fetched, time.GetTimestamp());
        return time.GetElapsedTime(_lastArrival);
    }
}
