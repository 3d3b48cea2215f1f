using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.LocalCluster.Agent;
using Kiban.LocalCluster.Snapshots.Api;

namespace Kiban.LocalCluster.Storage;

/// <summary>Which object has to be looked at when which one changes.</summary>
internal sealed class StorageSubscriptions : IDisposable
{
    private readonly StorageCaches _caches;
    private readonly KeyedWork<StorageKey> _work;
    private readonly List<IDisposable> _subscriptions = [];

    public StorageSubscriptions(StorageCaches caches, KeyedWork<StorageKey> work)
    {
        _caches = caches;
        _work = work;
        _subscriptions.Add(caches.Claims.Subscribe(change => OnClaim(change.Object)));
        _subscriptions.Add(caches.Volumes.Subscribe(change => OnVolume(change.Object)));
        _subscriptions.Add(caches.Classes.Subscribe(change => OnClass(change.Key.Name)));
        _subscriptions.Add(caches.Snapshots.Subscribe(change => OnSnapshot(change.Key, change.Object)));
        _subscriptions.Add(caches.Contents.Subscribe(change => OnContent(change.Object)));
        _subscriptions.Add(caches.SnapshotClasses.Subscribe(_ => OnSnapshotClass()));
    }

    /// <inheritdoc/>
    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private void OnClaim(V1PersistentVolumeClaim claim)
    {
        var key = claim.Key();
        Add(StorageKind.Claim, key);
        // It may be what a snapshot is taken of, or have been filled from one.
        if (ClaimSourceReference.Of(claim) is { IsOfSnapshots: true, Name: var source })
        {
            Add(StorageKind.Snapshot, key with { Name = source });
        }

        foreach (var snapshot in _caches.Snapshots.List().Where(snapshot => IsTakenOf(snapshot, key)))
        {
            Add(StorageKind.Snapshot, snapshot.Key());
        }

        foreach (var clone in _caches.Claims.List().Where(clone => IsCloneOf(clone, key)))
        {
            Add(StorageKind.Claim, clone.Key());
        }
    }

    private void OnVolume(V1PersistentVolume volume)
    {
        Add(StorageKind.Volume, volume.Key());
        if (volume.Spec.ClaimRef is { } claim)
        {
            var key = new NamespacedName(claim.NamespaceProperty, claim.Name);
            foreach (var snapshot in _caches.Snapshots.List().Where(snapshot => IsTakenOf(snapshot, key)))
            {
                Add(StorageKind.Snapshot, snapshot.Key());
            }

            foreach (var clone in _caches.Claims.List().Where(clone => IsCloneOf(clone, key)))
            {
                Add(StorageKind.Claim, clone.Key());
            }
        }
    }

    private void OnClass(string name)
    {
        foreach (var claim in _caches.Claims.List().Where(claim => claim.Spec.StorageClassName == name))
        {
            Add(StorageKind.Claim, claim.Key());
        }
    }

    private void OnSnapshot(NamespacedName key, VolumeSnapshot snapshot)
    {
        Add(StorageKind.Snapshot, key);
        if (_caches.ContentOf(snapshot) is { } content)
        {
            Add(StorageKind.Content, content.Key());
        }

        foreach (var claim in _caches.ClaimsFrom(key))
        {
            Add(StorageKind.Claim, claim.Key());
        }

        // Whether a claim is still copied for another snapshot.
        if (snapshot.Spec.Source.PersistentVolumeClaimName is { } source)
        {
            foreach (var other in _caches.Snapshots.List().Where(other => IsTakenOf(other, key with { Name = source }) && other.Key() != key))
            {
                Add(StorageKind.Snapshot, other.Key());
            }
        }
    }

    private void OnContent(VolumeSnapshotContent content)
    {
        Add(StorageKind.Content, content.Key());
        var snapshot = new NamespacedName(content.Spec.VolumeSnapshotRef.NamespaceProperty, content.Spec.VolumeSnapshotRef.Name);
        Add(StorageKind.Snapshot, snapshot);
        foreach (var claim in _caches.ClaimsFrom(snapshot))
        {
            Add(StorageKind.Claim, claim.Key());
        }
    }

    private void OnSnapshotClass()
    {
        foreach (var snapshot in _caches.Snapshots.List())
        {
            Add(StorageKind.Snapshot, snapshot.Key());
        }
    }

    private static bool IsTakenOf(VolumeSnapshot snapshot, NamespacedName claim) =>
        snapshot.Metadata.NamespaceProperty == claim.Namespace && snapshot.Spec.Source.PersistentVolumeClaimName == claim.Name;

    private static bool IsCloneOf(V1PersistentVolumeClaim clone, NamespacedName claim) =>
        clone.Metadata.NamespaceProperty == claim.Namespace && ClaimSourceReference.Of(clone) is { IsOfClaims: true, Name: var source } && source == claim.Name;

    private void Add(StorageKind kind, NamespacedName name) => _work.Add(new StorageKey(kind, name));
}
