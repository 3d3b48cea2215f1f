using k8s.Models;
using Kiban.LocalCluster.Snapshots.Api;
using Kiban.LocalCluster.Storage;
using Kiban.LocalCluster.Tests.Storage;

namespace Kiban.LocalCluster.Tests.Snapshots;

/// <summary>Snapshot <c>monday</c> of claim <c>data</c>, and what belongs to it.</summary>
internal static class SnapshotObjects
{
    public static VolumeSnapshot Snapshot() => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "monday", NamespaceProperty = "shop", Uid = "77aa", ResourceVersion = "12",
            Finalizers = [SnapshotApi.AsSourceFinalizer, SnapshotApi.BoundFinalizer],
        },
        Spec = new VolumeSnapshotSpec
        {
            Source = new VolumeSnapshotSource { PersistentVolumeClaimName = "data" },
            VolumeSnapshotClassName = SnapshotApi.DefaultClass,
        },
    };

    public static VolumeSnapshotContent Content() => new()
    {
        Metadata = new V1ObjectMeta { Name = "snapcontent-77aa", Finalizers = [SnapshotApi.ContentFinalizer] },
        Spec = new VolumeSnapshotContentSpec
        {
            Driver = SnapshotApi.Driver,
            DeletionPolicy = "Delete",
            Source = new VolumeSnapshotContentSource { VolumeHandle = "pvc-0f7c" },
            VolumeSnapshotRef = new V1ObjectReference { Kind = "VolumeSnapshot", Name = "monday", NamespaceProperty = "shop", Uid = "77aa" },
        },
    };

    public static VolumeSnapshotClass Class(string name = SnapshotApi.DefaultClass, bool isDefault = true) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            Annotations = new Dictionary<string, string> { [SnapshotApi.DefaultClassAnnotation] = isDefault ? "true" : "false" },
        },
        Driver = SnapshotApi.Driver,
    };

    public static V1PersistentVolumeClaim BoundClaim()
    {
        var claim = ClaimRulesTests.Claim();
        claim.Spec.VolumeName = "pvc-0f7c";
        claim.Status = new V1PersistentVolumeClaimStatus { Phase = "Bound" };
        return claim;
    }

    public static V1PersistentVolume Volume() => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "pvc-0f7c",
            Annotations = new Dictionary<string, string> { [LocalStorage.ProvisionedByAnnotation] = LocalStorage.Provisioner },
        },
        Spec = new V1PersistentVolumeSpec { Capacity = new Dictionary<string, ResourceQuantity> { ["storage"] = new("3Gi") }, VolumeMode = "Filesystem" },
    };
}
