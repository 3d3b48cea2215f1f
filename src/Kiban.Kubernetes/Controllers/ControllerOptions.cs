using Kiban.Kubernetes.Queueing;

namespace Kiban.Kubernetes.Controllers;

/// <summary>How a controller works.</summary>
public sealed record ControllerOptions
{
    /// <summary>How many keys are reconciled at once; one key never twice at a time.</summary>
    public int MaxConcurrentReconciles { get; init; } = 1;

    /// <summary>Time for one reconciliation; then it is cancelled, counts as failed, and comes again with back-off.</summary>
    public TimeSpan ReconcileTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How fast failed keys come back.</summary>
    public QueueOptions Queue { get; init; } = new();

    /// <summary>
    /// Whether it runs only in the replica that leads (the default), or in each, which is right where it changes nothing but its own process.
    /// </summary>
    public bool NeedsLeadership { get; init; } = true;

    /// <summary>Every setting that cannot work, one sentence each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxConcurrentReconciles < 1)
            yield return $"ControllerOptions.MaxConcurrentReconciles is {MaxConcurrentReconciles}; it must be at least 1.";
        if (ReconcileTimeout <= TimeSpan.Zero)
            yield return $"ControllerOptions.ReconcileTimeout is {ReconcileTimeout}; it must be longer than zero.";
        foreach (var fault in Queue.Validate())
            yield return fault;
    }
}
