using System.Diagnostics.Metrics;

namespace Kiban.Kubernetes.Observability;

/// <summary>What controllers do: controller-runtime's <c>controller_runtime_*</c> of reconciliation.</summary>
public sealed class ReconcileMetrics
{
    /// <summary>Creates the instruments.</summary>
    public ReconcileMetrics(IMeterFactory factory)
    {
        var meter = KibanMeter.Create(factory);
        Total = meter.CreateCounter<long>("controller_runtime_reconcile_total", description: "Total number of reconciliations per controller.");
        Errors = meter.CreateCounter<long>("controller_runtime_reconcile_errors_total", description: "Total number of reconciliation errors per controller.");
        Time = meter.CreateHistogram(
            "controller_runtime_reconcile_time_seconds",
            unit: null,
            description: "Length of time per reconciliation per controller.",
            tags: null,
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries =
                [
                    0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5,
                    4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
                ],
            });
        ActiveWorkers = meter.CreateUpDownCounter<long>("controller_runtime_active_workers", description: "Number of currently used workers per controller.");
        MaxConcurrent = meter.CreateGauge<long>("controller_runtime_max_concurrent_reconciles", description: "Maximum number of concurrent reconciles per controller.");
    }

    internal Counter<long> Total { get; }

    internal Counter<long> Errors { get; }

    internal Histogram<double> Time { get; }

    internal UpDownCounter<long> ActiveWorkers { get; }

    internal Gauge<long> MaxConcurrent { get; }

    /// <summary>The recorder of one controller; its series begin at zero now, so that a rate exists from the first event on.</summary>
    /// <param name="controller">Name of the controller.</param>
    /// <param name="maxConcurrentReconciles">How many keys it works on at once.</param>
    public ReconcileRecorder ForController(string controller, int maxConcurrentReconciles) => new(this, controller, maxConcurrentReconciles);
}
