using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kiban.Kubernetes.Admission;

/// <summary>Not ready once the replica was told to stop.</summary>
internal sealed class AdmissionDrainHealthCheck(AdmissionDrain drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(drain.IsDraining ? HealthCheckResult.Unhealthy("The replica is stopping.") : HealthCheckResult.Healthy());
}
