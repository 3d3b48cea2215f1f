namespace Kiban.Kubernetes.Controllers;

/// <summary>When to look again, besides when something watched changes.</summary>
/// <param name="RequeueAfter">Time after which the key is queued again; null: only on change.</param>
public readonly record struct ReconcileResult(TimeSpan? RequeueAfter)
{
    /// <summary>Nothing left to do until something changes.</summary>
    public static ReconcileResult Done => default;
}
