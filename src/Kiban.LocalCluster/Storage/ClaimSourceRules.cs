using k8s.Models;
using Kiban.LocalCluster.Snapshots;
using Kiban.LocalCluster.Snapshots.Api;

namespace Kiban.LocalCluster.Storage;

/// <summary>Decides what a new volume begins with: pure functions of the observed objects.</summary>
internal static class ClaimSourceRules
{
    /// <summary>What the volume of a claim begins with.</summary>
    public static ClaimSource Decide(V1PersistentVolumeClaim claim, ObservedSource seen) => ClaimSourceReference.Of(claim) switch
    {
        null => new ClaimSource.Empty(),
        { Namespace: { } other } => new ClaimSource.Impossible($"spec.dataSourceRef.namespace is {other}, but local volumes are filled from the claim's own namespace only."),
        { IsOfSnapshots: true } reference => FromSnapshot(claim, reference, seen),
        { IsOfClaims: true } reference => FromClaim(claim, reference, seen),
        var reference => new ClaimSource.Impossible(
            $"spec.dataSource is a {reference.Kind}{(reference.Group.Length == 0 ? "" : $" of {reference.Group}")}, but local volumes are filled from a VolumeSnapshot of {SnapshotApi.Group} or a PersistentVolumeClaim."),
    };

    private static ClaimSource FromSnapshot(V1PersistentVolumeClaim claim, ClaimSourceReference reference, ObservedSource seen)
    {
        if (seen.Snapshot is not { } snapshot)
        {
            return new ClaimSource.Pending($"{reference} does not exist.");
        }

        if (snapshot.Metadata.DeletionTimestamp is not null)
        {
            return new ClaimSource.Pending($"{reference} is being deleted.");
        }

        if (snapshot.Status?.ReadyToUse is not true)
        {
            return new ClaimSource.Pending($"{reference} is not ready to use{(snapshot.Status?.Error?.Message is { } error ? $": {error}" : ".")}");
        }

        if (!SnapshotRules.AreBound(snapshot, seen.Content) || seen.Content!.Status?.SnapshotHandle is not { } handle)
        {
            return new ClaimSource.Pending($"{reference} and VolumeSnapshotContent {snapshot.Status.BoundVolumeSnapshotContentName} do not point at each other.");
        }

        return seen.Content.Spec.Driver != SnapshotApi.Driver
            ? new ClaimSource.Impossible($"{reference} is of driver {seen.Content.Spec.Driver}, but the claim's class is of {SnapshotApi.Driver}.")
            : (ClaimSource?)TooSmall(claim, reference, seen.Content.Status.RestoreSize ?? 0) ?? new ClaimSource.Snapshot(handle);
    }

    private static ClaimSource FromClaim(V1PersistentVolumeClaim claim, ClaimSourceReference reference, ObservedSource seen)
    {
        if (seen.Claim is not { } source)
        {
            return new ClaimSource.Pending($"{reference} does not exist.");
        }

        if (source.Metadata.DeletionTimestamp is not null)
        {
            return new ClaimSource.Pending($"{reference} is being deleted.");
        }

        if (source.Status?.Phase != "Bound" || seen.Volume is not { } volume)
        {
            return new ClaimSource.Pending($"{reference} is not bound to a volume.");
        }

        return !LocalStorage.IsOurs(volume)
            ? new ClaimSource.Impossible($"{reference} has a volume that was not made by {LocalStorage.Provisioner}.")
            : (ClaimSource?)TooSmall(claim, reference, volume.Spec.Capacity["storage"].InBytes()) ?? new ClaimSource.Volume(volume.Metadata.Name, source.Metadata.Name, source.Metadata.Uid);
    }

    private static ClaimSource.Impossible? TooSmall(V1PersistentVolumeClaim claim, ClaimSourceReference reference, long needed)
    {
        var requested = claim.Spec.Resources.Requests["storage"];
        return requested.InBytes() < needed
            ? new ClaimSource.Impossible($"spec.resources.requests.storage is {requested}, but {reference} needs at least {ByteQuantity.Of(needed)}.")
            : null;
    }
}
