namespace Kiban.Kubernetes.Observability;

/// <summary>Records what happens to one queue.</summary>
public sealed class WorkqueueRecorder : IDisposable
{
    private readonly WorkqueueMetrics _metrics;
    private readonly KeyValuePair<string, object?> _name;
    private readonly Action _forget;

    internal WorkqueueRecorder(WorkqueueMetrics metrics, string name, Action forget)
    {
        _metrics = metrics;
        _name = new("name", name);
        _forget = forget;
        metrics.Adds.Add(0, _name);
        metrics.Retries.Add(0, _name);
    }

    /// <summary>A key was added that was not waiting already.</summary>
    public void Added() => _metrics.Adds.Add(1, _name);

    /// <summary>A key was added again after a failure.</summary>
    public void Retried() => _metrics.Retries.Add(1, _name);

    /// <summary>A key was taken up after it waited so long.</summary>
    public void Taken(TimeSpan waited) => _metrics.QueueDuration.Record(waited.TotalSeconds, _name);

    /// <summary>Work on a key ended after so long.</summary>
    public void Done(TimeSpan worked) => _metrics.WorkDuration.Record(worked.TotalSeconds, _name);

    /// <summary>The queue is no longer observed.</summary>
    public void Dispose() => _forget();
}
