using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Leases;

namespace Kiban.Manager.Hosting;

/// <summary>The leader keeps the webhooks' certificates and their registration.</summary>
internal sealed class AdmissionLeaderWork(AdmissionLeader admission) : ILeaderWork
{
    /// <inheritdoc/>
    public Task RunAsync(LeadershipToken leadership) => admission.RunAsync(leadership.CancellationToken);
}
