using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Observability;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Leases;

/// <summary>
/// Runs work under a lease, so that of all replicas one works at a time. The rules are those of client-go's
/// <see href="https://github.com/kubernetes/client-go/tree/master/tools/leaderelection">leaderelection</see>, made stricter where that
/// leaves a gap: a term counts from when its renewal was sent, the work is over before the lease is given back, and each write under it
/// is checked (<see cref="LeadershipToken"/>).
/// </summary>
public sealed class LeaderElector
{
    internal const double RetryJitter = 1.2;
    private const int ReleaseAttempts = 3;

    private readonly IKubernetesClient _client;
    private readonly LeaderElectionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LeaderElectionMetrics? _metrics;
    private readonly ObservedLease _observed;
    private readonly string _lease;
    private volatile LeadershipToken? _term;
    private string? _waitsFor;

    // A request to take the lease went out and its outcome was never heard of: the lease may be ours without our knowing.
    private bool _mayHold;

    /// <summary>Creates an elector; <see cref="RunAsync"/> starts it.</summary>
    /// <exception cref="ArgumentException">A setting cannot work; the message names every one.</exception>
    public LeaderElector(
        IKubernetesClient client, LeaderElectionOptions options, TimeProvider time, ILogger<LeaderElector> logger, LeaderElectionMetrics? metrics = null)
    {
        if (options.Validate().ToArray() is { Length: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        (_client, _options, _time, _logger, _metrics) = (client, options, time, logger, metrics);
        _observed = new ObservedLease(time);
        _lease = $"{options.Namespace}/{options.Name}";
        metrics?.Record(options.Name, leads: false);
    }

    /// <summary>Whether this process leads now.</summary>
    public bool IsLeader => _term is { IsHeld: true };

    /// <summary>
    /// Waits for the lease, runs the work under it, and when the leadership is lost waits for the lease again; each term is a new call of
    /// <paramref name="work"/>. Returns when cancelled, or when the work returns while it leads; in both cases the lease is given back,
    /// after the work has ended.
    /// </summary>
    /// <param name="work">
    /// What only a leader may do. Must end soon after the token's <see cref="LeadershipToken.CancellationToken"/> is cancelled; if it has
    /// not when the lease is about to pass on, the process is ended (<see cref="LeaderElectionOptions.EndProcess"/>).
    /// </param>
    /// <param name="cancellationToken">Ends the work, and then the competition.</param>
    /// <exception cref="Exception">What the work threw while it led.</exception>
    public async Task RunAsync(Func<LeadershipToken, Task> work, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            LeaseClock? acquired = null;
            try
            {
                acquired = await AcquireAsync(cancellationToken);
                if (acquired is { } term && await LeadAsync(term, work, cancellationToken))
                    return;
            }
            finally
            {
                if (acquired is not null || _mayHold)
                    await ReleaseAsync();
            }
        }
    }

    /// <summary>Tries until the lease is taken (and tells when that request was sent) or the competition is over (null).</summary>
    private async Task<LeaseClock?> AcquireAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await TryAcquireAsync(cancellationToken) is { } sent)
                    return sent;
            }
            catch (Exception exception)
            {
                // Whatever kept us from the lease, the only thing to do is to try again.
                if (!cancellationToken.IsCancellationRequested)
                    LeaseLog.RequestFailed(_logger, _lease, exception.Message);
            }
            await DelayAsync(RetryPeriod(), cancellationToken);
        }
        return null;
    }

    private async Task<LeaseClock?> TryAcquireAsync(CancellationToken cancellationToken)
    {
        using var timeout = Timeout(_options.RequestTimeout, cancellationToken);
        var lease = await _client.FindAsync<V1Lease>(_options.Name, _options.Namespace, timeout.Token);
        _observed.See(lease);
        if (_observed.Holder is { } holder && holder != _options.Identity && !_observed.HasLapsed(_options.LeaseDuration))
        {
            _mayHold = false;
            if (_waitsFor != holder)
                LeaseLog.Waiting(_logger, _lease, _options.Identity, holder);
            _waitsFor = holder;
            return null;
        }

        var sent = LeaseClock.Now(_time);
        _mayHold = true;
        try
        {
            _observed.See(lease is null
                ? await _client.CreateAsync(LeaseRecord.New(_options, sent.WallTime), timeout.Token)
                : await _client.ReplaceAsync(LeaseRecord.Taken(lease, _options, sent.WallTime), timeout.Token));
            _waitsFor = null;
            return sent;
        }
        catch (KubernetesException exception) when (exception.IsConflict || exception.IsNotFound)
        {
            // Another was quicker (or the lease was deleted this moment); or our own earlier request, whose answer was lost, came through.
            return null;
        }
    }

    /// <summary>Runs one term. True when the work returned by itself.</summary>
    private async Task<bool> LeadAsync(LeaseClock acquired, Func<LeadershipToken, Task> work, CancellationToken cancellationToken)
    {
        var term = new LeadershipToken(_lease, _options.RenewDeadline, acquired, _time);
        if (!term.IsHeld)
            return false;
        LeaseLog.Acquired(_logger, _lease, _options.Identity);
        _term = term;
        _metrics?.Record(_options.Name, leads: true);
        using var stop = cancellationToken.UnsafeRegister(static token => ((LeadershipToken)token!).Lose(), term);
        using var ended = new CancellationTokenSource();
        var working = WorkAsync(term, work);
        var keeping = Task.WhenAll(RenewAsync(term, ended.Token), GuardAsync(term, ended.Token));
        try
        {
            await working;
            return !term.IsLost;
        }
        catch (Exception exception) when (term.IsLost)
        {
            // Work that is told to end may end by throwing; anything else it throws then has no other reader than the log.
            if (exception is not OperationCanceledException)
                LeaseLog.WorkFailed(_logger, exception, _lease);
            return false;
        }
        finally
        {
            term.Lose();
            ended.Cancel();
            await keeping;
            _term = null;
            _metrics?.Record(_options.Name, leads: false);
        }
    }

    private static async Task WorkAsync(LeadershipToken term, Func<LeadershipToken, Task> work)
    {
        // Away from the caller, who goes on to renew the lease whatever the work does before it first waits.
        await Task.Yield();
        LeadershipToken.Current = term;
        await work(term);
    }

    /// <summary>
    /// Renews until the work has ended, also after it was told to: as long as it still runs, nobody else should get the lease. Gives up
    /// where another has it.
    /// </summary>
    private async Task RenewAsync(LeadershipToken term, CancellationToken ended)
    {
        while (await DelayAsync(RetryPeriod(), ended))
        {
            try
            {
                var sent = await RenewOnceAsync(ended);
                if (sent is null)
                {
                    End(term, _observed.Holder is { } holder ? $"{holder} holds it" : "it was deleted");
                    return;
                }
                if (!term.TryExtend(sent.Value))
                {
                    End(term, "the renewal came too late");
                    term.ExtendAfterLoss(sent.Value);
                }
            }
            catch (Exception exception)
            {
                // The next attempt may succeed; if none does in time, the guard ends the work.
                if (!ended.IsCancellationRequested)
                    LeaseLog.RequestFailed(_logger, _lease, exception.Message);
            }
        }
    }

    /// <summary>Renews once, and tells when the request that succeeded was sent; null when the lease is no longer ours.</summary>
    private async Task<LeaseClock?> RenewOnceAsync(CancellationToken ended)
    {
        using var timeout = Timeout(_options.RequestTimeout, ended);
        while (true)
        {
            var sent = LeaseClock.Now(_time);
            try
            {
                _observed.See(await _client.ReplaceAsync(LeaseRecord.Renewed(_observed.Lease!, _options, sent.WallTime), timeout.Token));
                return sent;
            }
            catch (KubernetesException exception) when (exception.IsConflict || exception.IsNotFound)
            {
                // It changed under us: by another who took it, by somebody who edited it, or by our own renewal whose answer was lost.
                _observed.See(await _client.FindAsync<V1Lease>(_options.Name, _options.Namespace, timeout.Token));
                if (_observed.Holder != _options.Identity)
                    return null;
            }
        }
    }

    /// <summary>Ends the work when the lease was not renewed in time, and the process when the work then does not end.</summary>
    private async Task GuardAsync(LeadershipToken term, CancellationToken ended)
    {
        long? lostAt = null;
        while (true)
        {
            var isLost = term.IsLost;
            lostAt = isLost ? lostAt ?? _time.GetTimestamp() : null;
            var left = isLost ? Longer(_options.EndProcessAfter - term.SinceRenewal, _options.LeastTimeToEnd - _time.GetElapsedTime(lostAt!.Value)) : term.Remaining;
            if (left > TimeSpan.Zero)
            {
                // Timers count whole milliseconds and round down.
                if (!await DelayAsync(left + TimeSpan.FromMilliseconds(1), ended))
                    return;
            }
            else if (!isLost)
            {
                End(term, $"it could not be renewed within {_options.RenewDeadline}");
            }
            else
            {
                var reason = $"The work under the lease {_lease} did not end although it was cancelled, and the lease is about to pass to another process.";
                LeaseLog.EndingProcess(_logger, reason);
                _options.EndProcess(reason);
                return;
            }
        }
    }

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private void End(LeadershipToken term, string reason)
    {
        if (!term.IsLost)
            LeaseLog.Lost(_logger, _lease, _options.Identity, reason);
        term.Lose();
    }

    /// <summary>Gives the lease back if it is ours, so that others need not wait until it lapses.</summary>
    private async Task ReleaseAsync()
    {
        var reason = "";
        for (var attempt = 0; attempt < ReleaseAttempts; attempt++)
        {
            try
            {
                using var timeout = Timeout(_options.RequestTimeout, CancellationToken.None);
                if (attempt > 0 || _mayHold)
                    _observed.See(await _client.FindAsync<V1Lease>(_options.Name, _options.Namespace, timeout.Token));
                if (_observed.Holder == _options.Identity)
                {
                    _mayHold = true;
                    _observed.See(await _client.ReplaceAsync(LeaseRecord.Released(_observed.Lease!, _time.GetUtcNow()), timeout.Token));
                    LeaseLog.Released(_logger, _lease, _options.Identity);
                }
                _mayHold = false;
                return;
            }
            catch (Exception exception)
            {
                reason = exception.Message;
            }
        }
        LeaseLog.NotReleased(_logger, _lease, reason);
    }

    private TimeSpan RetryPeriod() => _options.RetryPeriod * (1 + Random.Shared.NextDouble() * (RetryJitter - 1));

    private LinkedTimeout Timeout(TimeSpan timeout, CancellationToken cancellationToken) => new(timeout, _time, cancellationToken);

    /// <summary>Waits; false when cancelled.</summary>
    private async Task<bool> DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, _time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
