using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Reuse;

/// <summary>The snapshots of loads: found for a new claim, cut after a load.</summary>
internal sealed class DatasetSnapshots(
    IKubernetesClient client,
    IResourceCache<VolumeSnapshot> snapshots,
    IResourceCache<VolumeSnapshotClass> snapshotClasses,
    IResourceCache<V1StorageClass> storageClasses,
    DatasetsOptions options,
    TimeProvider time)
{
    // Longer than any driver takes to cut; one that has not by then is not waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The snapshot from which a new claim can be filled.</summary>
    public SnapshotChoice FindFor(string space, DatasetClaimSpec claim, DatasetRequest request)
    {
        if (!options.Cache.IsEnabled || !request.UsesCache)
            return SnapshotChoice.None;
        var equal = snapshots.FindByIndex(DatasetCaches.SnapshotsBySource, $"{space}/{LoadKey.OfSource(request)}");
        return equal.Count == 0
            ? SnapshotChoice.None
            : SnapshotRules.Choose(claim, DriverOf(claim), equal, name => name is null ? null : snapshotClasses.Find(new NamespacedName(null, name))?.Driver);
    }

    /// <summary>
    /// Has a load's volume cut, before any Pod can write to it. Where equal content is kept already, or the driver cannot, there is nothing to do.
    /// </summary>
    /// <returns>What is waited for; null when Pods may have the volume.</returns>
    public async Task<string?> CutAsync(DatasetClaim claim, DatasetRequest request, string loadKey, string? digest, CancellationToken cancellationToken)
    {
        if (!options.Cache.IsEnabled || !request.UsesCache || !claim.IsBound || SnapshotRules.ClassFor(DriverOf(claim.Spec), snapshotClasses.List()) is not { } snapshotClass)
            return null;
        var space = claim.Metadata.NamespaceProperty;
        var name = SnapshotRules.NameOf(loadKey);
        var own = snapshots.Find(new NamespacedName(space, name));
        if (own is null && IsKept(space, request, digest))
            return null;
        own ??= await MakeAsync(SnapshotRules.Of(claim, request, loadKey, digest, snapshotClass.Metadata.Name), cancellationToken);
        if (own is null || own.IsCut || own.Status?.Error is not null || own.Metadata.CreationTimestamp + Patience < time.GetUtcNow().UtcDateTime)
            return null;
        return $"snapshot {name} is being cut, from which later claims with the same source are filled";
    }

    private bool IsKept(string space, DatasetRequest request, string? digest) => digest is not null
        && snapshots.FindByIndex(DatasetCaches.SnapshotsBySource, $"{space}/{LoadKey.OfSource(request)}")
            .Any(kept => kept.IsReady && kept.Metadata.Annotations?.TryGetValue(DatasetsApi.Records.Content, out var content) == true && content == digest);

    private async Task<VolumeSnapshot?> MakeAsync(VolumeSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            return await client.CreateAsync(snapshot, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsConflict)
        {
            // Made by an attempt whose answer was lost; the cache will have it in a moment.
            return snapshot;
        }
        catch (KubernetesException e) when ((int)e.Code is 403 or 404 or 422)
        {
            // A quota of snapshots, a kind that just went: the data is there, and the user does not wait for a cache.
            return null;
        }
    }

    private string? DriverOf(DatasetClaimSpec claim) => string.IsNullOrEmpty(claim.StorageClassName)
        ? null
        : storageClasses.Find(new NamespacedName(null, claim.StorageClassName))?.Provisioner;
}
