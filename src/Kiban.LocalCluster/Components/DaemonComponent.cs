using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Components;

/// <summary>A component that is one daemon.</summary>
public sealed class DaemonComponent : IClusterComponent
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    private readonly DaemonHost _host;
    private readonly Func<DaemonSpec> _spec;
    private readonly Func<CancellationToken, Task<bool>> _isReady;
    private readonly TimeProvider _time;

    /// <summary>Creates the component.</summary>
    /// <param name="host">Host of the cluster's daemons.</param>
    /// <param name="name">Name of the daemon.</param>
    /// <param name="spec">Writes the configuration files the daemon needs and says how it is started; called at each start.</param>
    /// <param name="isReady">True when it serves; exceptions of network and I/O count as "not yet".</param>
    /// <param name="time">Clock.</param>
    public DaemonComponent(DaemonHost host, string name, Func<DaemonSpec> spec, Func<CancellationToken, Task<bool>> isReady, TimeProvider time)
    {
        _host = host;
        Name = name;
        _spec = spec;
        _isReady = isReady;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>How long it may take to become ready.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long it may take to end after SIGTERM; then it is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the daemon needs to be there before it is started, where that is less than what its stage waits for.</summary>
    public Func<CancellationToken, Task>? Precondition { get; init; }

    /// <inheritdoc/>
    public async Task<StartOutcome> StartAsync(CancellationToken cancellationToken)
    {
        if (Precondition is not null)
        {
            await Precondition(cancellationToken);
        }

        return await _host.StartAsync(_spec(), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        ProcessIdentity? process = null;
        while (true)
        {
            // The whole process table is read only to find the process, not to see that it is still there.
            process = process is { IsRunning: true } ? process : _host.Find(Name)?.Identity;
            var isRunning = process is not null;
            if (isRunning && await IsReadyAsync(cancellationToken))
            {
                return;
            }

            if (!isRunning)
            {
                throw new LocalClusterException($"{Name} ended before it was ready; the end of its log {_host.Cluster.LogPath(Name)}:\n{_host.LogTail(Name)}");
            }

            if (_time.GetElapsedTime(start) > ReadyTimeout)
            {
                throw new LocalClusterException(
                    $"{Name} was not ready after {ReadyTimeout.TotalSeconds:0} s; the end of its log {_host.Cluster.LogPath(Name)}:\n{_host.LogTail(Name)}");
            }

            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _host.StopAsync(Name, StopGrace, cancellationToken);

    /// <inheritdoc/>
    public async Task<ComponentStatus> ObserveAsync(CancellationToken cancellationToken)
    {
        var process = _host.Find(Name);
        return new ComponentStatus(Name, process is not null, process is not null && await IsReadyAsync(cancellationToken), process?.Identity.Id);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            return await _isReady(patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
