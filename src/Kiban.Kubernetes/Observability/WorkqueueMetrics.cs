using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Kiban.Kubernetes.Observability;

/// <summary>The queues before the controllers: client-go's <c>workqueue_*</c>.</summary>
public sealed class WorkqueueMetrics
{
    private readonly ConcurrentDictionary<string, Func<WorkqueueState>> _queues = new();

    /// <summary>Creates the instruments.</summary>
    public WorkqueueMetrics(IMeterFactory factory)
    {
        var meter = KibanMeter.Create(factory);
        Adds = meter.CreateCounter<long>("workqueue_adds_total", description: "Total number of adds handled by workqueue.");
        Retries = meter.CreateCounter<long>("workqueue_retries_total", description: "Total number of retries handled by workqueue.");
        QueueDuration = meter.CreateHistogram(
            "workqueue_queue_duration_seconds",
            unit: null,
            description: "How long in seconds an item stays in workqueue before being requested.",
            tags: null,
            advice: KibanMeter.PowersOfTen);
        WorkDuration = meter.CreateHistogram(
            "workqueue_work_duration_seconds",
            unit: null,
            description: "How long in seconds processing an item from workqueue takes.",
            tags: null,
            advice: KibanMeter.PowersOfTen);
        meter.CreateObservableGauge("workqueue_depth", () => Observe(state => (long)state.Depth), description: "Current depth of workqueue.");
        meter.CreateObservableGauge(
            "workqueue_unfinished_work_seconds",
            () => Observe(state => state.UnfinishedWork.TotalSeconds),
            description: "How many seconds of work has been done that is in progress and hasn't been observed by work_duration. Large values indicate stuck threads.");
        meter.CreateObservableGauge(
            "workqueue_longest_running_processor_seconds",
            () => Observe(state => state.LongestRunning.TotalSeconds),
            description: "How many seconds has the longest running processor for workqueue been running.");
    }

    internal Counter<long> Adds { get; }

    internal Counter<long> Retries { get; }

    internal Histogram<double> QueueDuration { get; }

    internal Histogram<double> WorkDuration { get; }

    /// <summary>The recorder of one queue, until it is disposed.</summary>
    /// <param name="name">Name of the queue, which is its controller's.</param>
    /// <param name="observe">Reads the queue's present state, whenever metrics are collected, on any thread.</param>
    public WorkqueueRecorder ForQueue(string name, Func<WorkqueueState> observe)
    {
        _queues[name] = observe;
        return new WorkqueueRecorder(this, name, () => _queues.TryRemove(KeyValuePair.Create(name, observe)));
    }

    private IEnumerable<Measurement<T>> Observe<T>(Func<WorkqueueState, T> value)
        where T : struct =>
        _queues.Select(queue => new Measurement<T>(value(queue.Value()), new KeyValuePair<string, object?>("name", queue.Key)));
}
