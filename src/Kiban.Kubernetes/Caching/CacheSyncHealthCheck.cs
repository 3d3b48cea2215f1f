using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kiban.Kubernetes.Caching;

/// <summary>Ready when every cache has its first complete list: before that, answers from the caches would be wrong.</summary>
public sealed class CacheSyncHealthCheck(IResourceCaches caches) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(caches.AreSynced
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "Not every cache has read its collection yet."));
}
