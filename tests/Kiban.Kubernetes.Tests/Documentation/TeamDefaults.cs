using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Discovery;

namespace Kiban.Kubernetes.Tests.Documentation;

/// <summary>What the part does in one way or another, depending on the server.</summary>
internal sealed class TeamDefaults(ServerCapabilities capabilities, DiscoveryClient discovery)
{
    private static readonly ResourceKind Snapshot = new("snapshot.storage.k8s.io", "v1", "VolumeSnapshot", "volumesnapshots");

    public async Task<bool> CanHoldPodsAsync(CancellationToken cancellationToken) =>
        await capabilities.HasAsync(ServerCapability.SchedulingGates, cancellationToken);

    public async Task<bool> CanSnapshotAsync(CancellationToken cancellationToken) =>
        await discovery.IsServedAsync(Snapshot, cancellationToken);
}
