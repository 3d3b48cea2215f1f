using Kiban.Datasets.Api;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;

namespace Kiban.Datasets.Reuse;

/// <summary>Deletes snapshots of loads that are too old or too many, never one that a claim is still to be filled from.</summary>
internal sealed class SnapshotReconciler(
    IKubernetesClient client, IResourceCache<VolumeSnapshot> snapshots, IResourceCache<DatasetClaim> claims, DatasetsOptions options, TimeProvider time) : IReconciler
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (snapshots.Find(key) is null)
            return ReconcileResult.Done;
        var all = snapshots.List().Where(snapshot => snapshot.Metadata.NamespaceProperty == key.Namespace);
        var inUse = claims.List()
            .Where(claim => claim.Metadata.NamespaceProperty == key.Namespace && !claim.IsBound && claim.Spec.DataSource?.Kind == "VolumeSnapshot")
            .Select(claim => claim.Spec.DataSource!.Name)
            .ToHashSet();
        foreach (var surplus in SnapshotRules.Surplus(all, inUse, options.Cache, time.GetUtcNow()).ToList())
        {
            await client.DeleteAsync<VolumeSnapshot>(
                surplus.Metadata.Name, surplus.Metadata.NamespaceProperty, cancellationToken, new DeleteOptions { Uid = surplus.Metadata.Uid });
        }
        return new ReconcileResult(Interval);
    }
}
