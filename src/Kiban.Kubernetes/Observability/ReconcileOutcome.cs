namespace Kiban.Kubernetes.Observability;

/// <summary>How a reconciliation ended: the values of the label <c>result</c>.</summary>
public enum ReconcileOutcome
{
    /// <summary>Done until something changes.</summary>
    Success,

    /// <summary>It threw; the key comes back with back-off.</summary>
    Error,

    /// <summary>It asked to be called again at once.</summary>
    Requeue,

    /// <summary>It asked to be called again after a time.</summary>
    RequeueAfter,
}
