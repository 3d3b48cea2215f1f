using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kiban.Kubernetes.Certificates;

/// <summary>Ready only while the certificate this replica serves chains to the <c>caBundle</c> that is registered now.</summary>
internal sealed class ServingCertificateHealthCheck(ServingCertificate certificate) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(certificate.Problem() is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());
}
