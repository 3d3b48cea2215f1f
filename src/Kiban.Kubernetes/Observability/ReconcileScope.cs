using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Observability;

/// <summary>What every log line of a reconciliation bears, under the names that controller-runtime's logs have.</summary>
public static class ReconcileScope
{
    /// <summary>Opens the scope until it is disposed.</summary>
    /// <param name="logger">The log.</param>
    /// <param name="controller">Name of the controller.</param>
    /// <param name="key">The object.</param>
    /// <param name="reconcileId">Identity of this run: lines of two runs over one object are told apart by it.</param>
    public static IDisposable? BeginReconcile(this ILogger logger, string controller, NamespacedName key, string reconcileId) =>
        logger.BeginScope(new Dictionary<string, object>
        {
            ["controller"] = controller,
            ["namespace"] = key.Namespace ?? "",
            ["name"] = key.Name,
            ["reconcileID"] = reconcileId,
        });
}
