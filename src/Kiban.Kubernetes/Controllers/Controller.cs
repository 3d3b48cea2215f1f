using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Observability;
using Kiban.Kubernetes.Queueing;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Controllers;

/// <summary>A controller at work: sources feed its queue, workers take keys from it and reconcile them.</summary>
internal sealed class Controller
{
    private readonly ControllerOptions _options;
    private readonly IReadOnlyList<IControllerSource> _sources;
    private readonly ReconcilerRunner _runner;
    private readonly WorkqueueMetrics? _queueMetrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public Controller(
        ControllerBuilder declaration,
        IReconciler reconciler,
        IResourceCaches caches,
        TimeProvider time,
        ILogger logger,
        ReconcileMetrics? metrics = null,
        WorkqueueMetrics? queueMetrics = null)
    {
        (Name, _options, _queueMetrics, _time, _logger) = (declaration.Name, declaration.Options, queueMetrics, time, logger);
        _sources = declaration.BuildSources(caches);
        var recorder = metrics?.ForController(Name, _options.MaxConcurrentReconciles);
        _runner = new ReconcilerRunner(Name, reconciler, _options, time, logger, recorder);
    }

    public string Name { get; }

    public bool NeedsLeadership => _options.NeedsLeadership;

    /// <summary>
    /// Works until cancelled, and returns when the last reconciliation has ended. May be called again: each run begins with a new queue and the
    /// keys of everything that is there.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var queue = new RateLimitedQueue<NamespacedName>(Name, _options.Queue, _time, _queueMetrics);
        var subscriptions = new List<IDisposable>();
        try
        {
            // A worker that starts before the caches are in step would take what is not there yet for deleted.
            await Task.WhenAll(_sources.Select(source => source.WaitForSyncAsync(cancellationToken)));
            foreach (var source in _sources)
                subscriptions.Add(source.Subscribe(queue.Add));
            ControllerLog.Started(_logger, Name, queue.Depth, _options.MaxConcurrentReconciles);
            var workers = Enumerable.Range(0, _options.MaxConcurrentReconciles).Select(_ => WorkAsync(queue, cancellationToken));
            await Task.WhenAll(workers.ToArray());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The ordinary end.
        }
        finally
        {
            foreach (var subscription in subscriptions)
                subscription.Dispose();
            ControllerLog.Stopped(_logger, Name);
        }
    }

    private async Task WorkAsync(RateLimitedQueue<NamespacedName> queue, CancellationToken cancellationToken)
    {
        // Each worker on its own: a reconciler that computes before it first waits must not keep the others from starting.
        await Task.Yield();
        await foreach (var key in queue.TakeAllAsync(cancellationToken))
        {
            try
            {
                await _runner.RunAsync(key, queue, cancellationToken);
            }
            finally
            {
                queue.Done(key);
            }
        }
    }
}
