namespace Kiban.Kubernetes.Observability;

/// <summary>Records the reconciliations of one controller.</summary>
public sealed class ReconcileRecorder
{
    private readonly ReconcileMetrics _metrics;
    private readonly KeyValuePair<string, object?> _controller;

    internal ReconcileRecorder(ReconcileMetrics metrics, string controller, int maxConcurrentReconciles)
    {
        _metrics = metrics;
        _controller = new("controller", controller);
        foreach (var outcome in Enum.GetValues<ReconcileOutcome>())
        {
            metrics.Total.Add(0, _controller, Result(outcome));
        }

        metrics.Errors.Add(0, _controller);
        metrics.ActiveWorkers.Add(0, _controller);
        metrics.MaxConcurrent.Record(maxConcurrentReconciles, _controller);
    }

    /// <summary>A worker took up a key.</summary>
    public void Started() => _metrics.ActiveWorkers.Add(1, _controller);

    /// <summary>The worker is done with it.</summary>
    public void Finished(ReconcileOutcome outcome, TimeSpan duration)
    {
        _metrics.ActiveWorkers.Add(-1, _controller);
        _metrics.Total.Add(1, _controller, Result(outcome));
        _metrics.Time.Record(duration.TotalSeconds, _controller);
        if (outcome == ReconcileOutcome.Error)
        {
            _metrics.Errors.Add(1, _controller);
        }
    }

    private static KeyValuePair<string, object?> Result(ReconcileOutcome outcome) => new("result", outcome switch
    {
        ReconcileOutcome.Success => "success",
        ReconcileOutcome.Error => "error",
        ReconcileOutcome.Requeue => "requeue",
        ReconcileOutcome.RequeueAfter => "requeue_after",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    });
}
