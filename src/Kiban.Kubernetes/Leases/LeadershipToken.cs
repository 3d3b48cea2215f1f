using System.Diagnostics.CodeAnalysis;

namespace Kiban.Kubernetes.Leases;

/// <summary>
/// One term of leadership: proof, while it lasts, that no other process works under the lease. It lasts until
/// <see cref="LeaderElectionOptions.RenewDeadline"/> after the last successful renewal was <em>sent</em>, and is never given back once lost.
/// </summary>
/// <remarks>
/// A process that was stopped (SIGSTOP, a long garbage collection, a suspended machine) finds on waking that the time is up, before any timer
/// has fired: <see cref="IsHeld"/> compares clocks. Both clocks count, the monotonic one, which cannot be set, and the wall clock, because
/// the monotonic one stands still while a machine is suspended; whichever shows more time gone by is believed. A wall clock that
/// is set forward may therefore end a term early, which is harmless.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer to free, and work that outlives its term still has to find its token cancelled.")]
public sealed class LeadershipToken
{
    private static readonly AsyncLocal<LeadershipToken?> Ambient = new();

    private readonly string _lease;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _gate = new();
    private LeaseClock _renewed;
    private bool _isLost;

    internal LeadershipToken(string lease, TimeSpan deadline, LeaseClock acquired, TimeProvider time)
    {
        _lease = lease;
        _deadline = deadline;
        _time = time;
        _renewed = acquired;
    }

    /// <summary>
    /// The leadership under which the present flow of calls works; null where it works under none. <see cref="LeaderElector"/> sets it for the
    /// work it runs, and <see cref="FencedKubernetesClient"/> checks it before each write. It flows into everything that work starts: a loop
    /// that is to outlive the term must be started without (<see cref="ExecutionContext.SuppressFlow"/>).
    /// </summary>
    public static LeadershipToken? Current
    {
        get => Ambient.Value;
        internal set => Ambient.Value = value;
    }

    /// <summary>Whether writes may still be made.</summary>
    public bool IsHeld => Remaining > TimeSpan.Zero;

    /// <summary>Time left if no renewal succeeds; zero when the leadership is lost.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_gate)
            {
                if (_isLost)
                    return TimeSpan.Zero;
                var remaining = _deadline - _renewed.Elapsed(_time);
                return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Cancelled when the leadership is lost or given up: work under it has to end.</summary>
    public CancellationToken CancellationToken => _lost.Token;

    /// <summary>Call this right before anything that only a leader may do.</summary>
    /// <exception cref="LeadershipLostException">The lease may be another's.</exception>
    public void ThrowIfLost()
    {
        if (IsHeld)
            return;
        Lose();
        throw new LeadershipLostException(_lease);
    }

    /// <summary>Whether the term was ended, be it that the work does not know yet.</summary>
    internal bool IsLost
    {
        get
        {
            lock (_gate)
                return _isLost;
        }
    }

    /// <summary>Time since the last successful renewal was sent.</summary>
    internal TimeSpan SinceRenewal
    {
        get
        {
            lock (_gate)
                return _renewed.Elapsed(_time);
        }
    }

    /// <summary>Takes in a renewal that succeeded. False when it comes too late: what is lost stays lost.</summary>
    internal bool TryExtend(LeaseClock sent)
    {
        lock (_gate)
        {
            if (_isLost || _renewed.Elapsed(_time) >= _deadline)
                return false;
            _renewed = sent;
            return true;
        }
    }

    /// <summary>Takes in a renewal after the work was told to end: only how long others have to wait depends on it.</summary>
    internal void ExtendAfterLoss(LeaseClock sent)
    {
        lock (_gate)
            _renewed = sent;
    }

    /// <summary>Ends the term.</summary>
    internal void Lose()
    {
        lock (_gate)
        {
            if (_isLost)
                return;
            _isLost = true;
        }
        _ = CancelAsync();
    }

    private async Task CancelAsync()
    {
        // What runs on cancellation runs later: work that blocks in it must not block those who watch over the lease.
        await Task.Yield();
        _lost.Cancel();
    }
}
