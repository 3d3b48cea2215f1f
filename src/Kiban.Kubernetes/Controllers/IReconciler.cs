using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Controllers;

/// <summary>
/// Brings what is observed of one object to what is desired. Level-triggered: it is given a key, reads the world, and may be called
/// any number of times; an exception means "again later, with back-off".
/// </summary>
public interface IReconciler
{
    /// <summary>Reconciles one object, which may have been deleted.</summary>
    Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken);
}
