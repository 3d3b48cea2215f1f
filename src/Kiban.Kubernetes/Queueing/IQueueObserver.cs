namespace Kiban.Kubernetes.Queueing;

/// <summary>Told what happens in a queue, under the queue's lock: must return at once. The metrics are built on it.</summary>
public interface IQueueObserver
{
    /// <summary>A key was added that was not waiting already.</summary>
    void Added();

    /// <summary>A key was handed to a worker after it had waited for <paramref name="waited"/>.</summary>
    void Taken(TimeSpan waited);

    /// <summary>A worker gave a key back after it had worked for <paramref name="worked"/>.</summary>
    void Finished(TimeSpan worked);

    /// <summary>A key was scheduled for a retry.</summary>
    void Retried();
}
