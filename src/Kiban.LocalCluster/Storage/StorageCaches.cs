using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.LocalCluster.Snapshots.Api;

namespace Kiban.LocalCluster.Storage;

/// <summary>What the agent knows of the cluster's storage.</summary>
internal sealed class StorageCaches
{
    public StorageCaches(IResourceCaches caches)
    {
        Claims = caches.Get<V1PersistentVolumeClaim>();
        Volumes = caches.Get<V1PersistentVolume>();
        Classes = caches.Get<V1StorageClass>();
        Snapshots = caches.Get<VolumeSnapshot>();
        Contents = caches.Get<VolumeSnapshotContent>();
        SnapshotClasses = caches.Get<VolumeSnapshotClass>();
    }

    public ResourceCache<V1PersistentVolumeClaim> Claims { get; }

    public ResourceCache<V1PersistentVolume> Volumes { get; }

    public ResourceCache<V1StorageClass> Classes { get; }

    public ResourceCache<VolumeSnapshot> Snapshots { get; }

    public ResourceCache<VolumeSnapshotContent> Contents { get; }

    public ResourceCache<VolumeSnapshotClass> SnapshotClasses { get; }

    /// <summary>The claim of a namespace, where a name is given and it is there.</summary>
    public V1PersistentVolumeClaim? Claim(string? @namespace, string? name) =>
        string.IsNullOrEmpty(name) ? null : Claims.Find(new NamespacedName(@namespace, name));

    /// <summary>The volume that a claim is bound to.</summary>
    public V1PersistentVolume? VolumeOf(V1PersistentVolumeClaim? claim) =>
        claim?.Spec.VolumeName is { Length: > 0 } name ? Volumes.Find(new NamespacedName(null, name)) : null;

    /// <summary>The content of a name, where one is given and it is there.</summary>
    public VolumeSnapshotContent? Content(string? name) =>
        string.IsNullOrEmpty(name) ? null : Contents.Find(new NamespacedName(null, name));

    /// <summary>The content that a snapshot is or would be bound to.</summary>
    public VolumeSnapshotContent? ContentOf(VolumeSnapshot snapshot) =>
        Content(snapshot.Spec.Source.VolumeSnapshotContentName ?? SnapshotApi.ContentName(snapshot.Metadata.Uid));

    /// <summary>Claims that are to be filled from a snapshot.</summary>
    public IEnumerable<V1PersistentVolumeClaim> ClaimsFrom(NamespacedName snapshot) =>
        Claims.List().Where(claim => claim.Metadata.NamespaceProperty == snapshot.Namespace && ClaimSourceReference.Of(claim)?.IsSnapshot(snapshot.Name) is true);
}
