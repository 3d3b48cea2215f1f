using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Events;
using Kiban.Kubernetes.Finalizers;
using Kiban.LocalCluster.Snapshots;

namespace Kiban.LocalCluster.Storage;

/// <summary>Does what <see cref="ClaimRules"/> and <see cref="VolumeRules"/> decide. Killed at any step, it does the rest the next time.</summary>
internal sealed class LocalProvisioner
{
    private const string Provisioning = "Provision";

    private readonly IKubernetesClient _client;
    private readonly StorageCaches _caches;
    private readonly VolumeDirectories _directories;
    private readonly SnapshotDirectories _snapshots;
    private readonly IEventRecorder _events;
    private readonly string _nodeName;

    public LocalProvisioner(
        IKubernetesClient client, StorageCaches caches, VolumeDirectories directories, SnapshotDirectories snapshots, IEventRecorder events, string nodeName)
    {
        _client = client;
        _caches = caches;
        _directories = directories;
        _snapshots = snapshots;
        _events = events;
        _nodeName = nodeName;
    }

    /// <summary>Serves one claim.</summary>
    /// <returns>False when it has to be looked at again after a while.</returns>
    public async Task<bool> ReconcileClaimAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_caches.Claims.Find(key) is not { } claim)
        {
            return true;
        }

        var storageClass = claim.Spec.StorageClassName is { Length: > 0 } name ? _caches.Classes.Find(new NamespacedName(null, name)) : null;
        switch (ClaimRules.Decide(claim, storageClass, ObserveSource(claim), _nodeName))
        {
            case ClaimDecision.Refuse refusal:
                _events.Record(claim, EventType.Warning, "ProvisioningFailed", Provisioning, refusal.Message);
                return true;
            case ClaimDecision.Wait wait:
                _events.Record(claim, EventType.Normal, "WaitForDataSource", Provisioning, wait.Message);
                return true;
            case ClaimDecision.Provision provision:
                return await ProvisionAsync(claim, provision, cancellationToken);
            default:
                return true;
        }
    }

    /// <summary>Reclaims one volume, if it is time.</summary>
    /// <returns>True: nothing is left to be done before it changes.</returns>
    public async Task<bool> ReconcileVolumeAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_caches.Volumes.Find(key) is not { } volume)
        {
            return true;
        }

        switch (VolumeRules.Decide(volume))
        {
            case VolumeDecision.Delete:
                await _client.DeleteAsync<V1PersistentVolume>(key.Name, null, cancellationToken, new DeleteOptions { Uid = volume.Metadata.Uid });
                break;
            case VolumeDecision.Remove:
                Remove(volume);
                await _client.RemoveFinalizerAsync(volume, LocalStorage.Finalizer, cancellationToken);
                break;
            case VolumeDecision.Release:
                await _client.RemoveFinalizerAsync(volume, LocalStorage.Finalizer, cancellationToken);
                break;
            default:
                break;
        }

        return true;
    }

    private ObservedSource ObserveSource(V1PersistentVolumeClaim claim)
    {
        var source = ClaimSourceReference.Of(claim);
        var snapshot = source is { IsOfSnapshots: true } ? _caches.Snapshots.Find(claim.Key() with { Name = source.Name }) : null;
        var cloned = source is { IsOfClaims: true } ? _caches.Claim(claim.Metadata.NamespaceProperty, source.Name) : null;
        return new ObservedSource
        {
            Snapshot = snapshot,
            Content = _caches.Content(snapshot?.Status?.BoundVolumeSnapshotContentName),
            Claim = cloned,
            Volume = _caches.VolumeOf(cloned),
        };
    }

    private async Task<bool> ProvisionAsync(V1PersistentVolumeClaim claim, ClaimDecision.Provision provision, CancellationToken cancellationToken)
    {
        var volume = provision.Volume;
        try
        {
            await FillAsync(claim, volume.Metadata.Name, provision.Source, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _events.Record(claim, EventType.Warning, "ProvisioningFailed", Provisioning, $"The directory of volume {volume.Metadata.Name} cannot be made: {e.Message}");
            return false;
        }

        try
        {
            await _client.CreateAsync(volume, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsConflict)
        {
            // Made by an earlier run that ended before it saw the answer.
            _directories.Claimed(volume.Metadata.Name);
            return true;
        }

        _directories.Claimed(volume.Metadata.Name);
        _events.Record(claim, EventType.Normal, "ProvisioningSucceeded", Provisioning, $"Volume {volume.Metadata.Name} is provisioned on node {_nodeName}.");
        return true;
    }

    private Task FillAsync(V1PersistentVolumeClaim claim, string volume, ClaimSource source, CancellationToken cancellationToken)
    {
        switch (source)
        {
            case ClaimSource.Snapshot { Handle: var handle }:
                return _directories.CopyAsync(volume, _snapshots.DataOf(handle), () => RequireAsync(handle), cancellationToken);
            case ClaimSource.Volume cloned:
                return _directories.CopyAsync(volume, _directories.PathOf(cloned.Name), () => RequireAsync(claim.Metadata.NamespaceProperty, cloned, cancellationToken), cancellationToken);
            default:
                _directories.Create(volume);
                return Task.CompletedTask;
        }
    }

    // The snapshot stays while a claim waits for it (SnapshotApi.AsSourceFinalizer), but its data may belong to another content too,
    // which takes it along. Data loses its name before anything of it is removed.
    private Task RequireAsync(string handle) =>
        _snapshots.Find(handle) is null ? throw new IOException($"Snapshot {handle} was removed while it was copied.") : Task.CompletedTask;

    // A volume is emptied only after its claim is gone.
    private async Task RequireAsync(string @namespace, ClaimSource.Volume cloned, CancellationToken cancellationToken)
    {
        if (await _client.FindAsync<V1PersistentVolumeClaim>(cloned.Claim, @namespace, cancellationToken) is not { } source || source.Metadata.Uid != cloned.ClaimUid)
        {
            throw new IOException($"PersistentVolumeClaim {cloned.Claim} of spec.dataSource was deleted while it was copied.");
        }
    }

    private void Remove(V1PersistentVolume volume)
    {
        try
        {
            _directories.Remove(volume.Metadata.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _events.Record(volume, EventType.Warning, "VolumeFailedDelete", "Delete", $"The directory of the volume cannot be removed: {e.Message}");
            throw;
        }
    }
}
