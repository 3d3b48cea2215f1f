using Kiban.Loader.Loading;

namespace Kiban.Loader.Progress;

/// <summary>Shows a load's progress once a second and at each change of what it does.</summary>
internal sealed class ProgressReporter : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly LoadStatus _status;
    private readonly IProgressOutput _output;
    private readonly TimeProvider _time;
    private readonly RateMeter _rate;
    private readonly ITimer _timer;
    private bool _hasEnded;

    /// <summary>Begins.</summary>
    public ProgressReporter(LoadStatus status, IProgressOutput output, TimeProvider time)
    {
        (_status, _output, _time, _rate) = (status, output, time, new RateMeter(time));
        status.StateChanged += _ => Show(isChange: true);
        _timer = time.CreateTimer(_ => Show(isChange: false), null, Interval, Interval);
    }

    /// <summary>Shows the end of a load that did not succeed, and nothing after it.</summary>
    public void Fail(string message)
    {
        lock (_lock)
        {
            _output.Show(Line() with { State = "Failed", Message = message, SecondsLeft = null, BytesPerSecond = 0, Stalled = false }, isChange: true);
            _hasEnded = true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
            _hasEnded = true;
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private void Show(bool isChange)
    {
        lock (_lock)
        {
            if (!_hasEnded)
                _output.Show(Line(), isChange);
        }
    }

    private ProgressLine Line()
    {
        var state = _status.State;
        var bytes = _status.Counters.Bytes;
        var isListing = state.Reason == LoadReason.Listing;
        var rate = _rate.Add(bytes);
        var left = _status.TotalBytes - bytes;
        var isStalled = _status.IsFetching && _status.SinceArrival() > StalledAfter;
        return new ProgressLine
        {
            Time = _time.GetUtcNow().UtcDateTime,
            State = state.Reason.ToString(),
            Bytes = bytes,
            TotalBytes = isListing ? null : _status.TotalBytes,
            Files = _status.Counters.Files,
            TotalFiles = isListing ? null : _status.TotalFiles,
            BytesPerSecond = (long)rate,
            SecondsLeft = state.Reason == LoadReason.Loading && rate >= 1 && left > 0 ? (long)Math.Ceiling(left / rate) : null,
            Stalled = isStalled,
            Message = isStalled ? _status.LastFailure ?? state.Message : state.Message,
        };
    }
}
