using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Events;

namespace Kiban.LocalCluster.Storage;

/// <summary>Does what <see cref="ClaimRules"/> and <see cref="VolumeRules"/> decide. Killed at any step, it does the rest the next time.</summary>
internal sealed class LocalProvisioner
{
    private const string Provisioning = "Provision";

    private readonly IKubernetesClient _client;
    private readonly IResourceCache<V1PersistentVolumeClaim> _claims;
    private readonly IResourceCache<V1PersistentVolume> _volumes;
    private readonly IResourceCache<V1StorageClass> _classes;
    private readonly VolumeDirectories _directories;
    private readonly IEventRecorder _events;
    private readonly string _nodeName;

    public LocalProvisioner(
        IKubernetesClient client,
        IResourceCache<V1PersistentVolumeClaim> claims,
        IResourceCache<V1PersistentVolume> volumes,
        IResourceCache<V1StorageClass> classes,
        VolumeDirectories directories,
        IEventRecorder events,
        string nodeName)
    {
        _client = client;
        _claims = claims;
        _volumes = volumes;
        _classes = classes;
        _directories = directories;
        _events = events;
        _nodeName = nodeName;
    }

    /// <summary>Serves one claim.</summary>
    public async Task ReconcileClaimAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_claims.Find(key) is not { } claim)
        {
            return;
        }

        var storageClass = claim.Spec.StorageClassName is { Length: > 0 } name ? _classes.Find(new NamespacedName(null, name)) : null;
        switch (ClaimRules.Decide(claim, storageClass, _nodeName))
        {
            case ClaimDecision.Refuse refusal:
                _events.Record(claim, EventType.Warning, "ProvisioningFailed", Provisioning, refusal.Message);
                break;
            case ClaimDecision.Provision provision:
                await ProvisionAsync(claim, provision.Volume, cancellationToken);
                break;
            default:
                break;
        }
    }

    /// <summary>Reclaims one volume, if it is time.</summary>
    public async Task ReconcileVolumeAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_volumes.Find(key) is not { } volume)
        {
            return;
        }

        switch (VolumeRules.Decide(volume))
        {
            case VolumeDecision.Delete:
                await _client.DeleteAsync<V1PersistentVolume>(key.Name, null, cancellationToken, new DeleteOptions { Uid = volume.Metadata.Uid });
                break;
            case VolumeDecision.Remove:
                Remove(volume);
                await RemoveFinalizerAsync(volume, cancellationToken);
                break;
            case VolumeDecision.Release:
                await RemoveFinalizerAsync(volume, cancellationToken);
                break;
            default:
                break;
        }
    }

    private async Task ProvisionAsync(V1PersistentVolumeClaim claim, V1PersistentVolume volume, CancellationToken cancellationToken)
    {
        try
        {
            _directories.Create(volume.Metadata.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _events.Record(claim, EventType.Warning, "ProvisioningFailed", Provisioning, $"The directory of volume {volume.Metadata.Name} cannot be made: {e.Message}");
            throw;
        }

        try
        {
            await _client.CreateAsync(volume, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsConflict)
        {
            // Made by an earlier run that ended before it saw the answer.
            return;
        }

        _events.Record(claim, EventType.Normal, "ProvisioningSucceeded", Provisioning, $"Volume {volume.Metadata.Name} is provisioned on node {_nodeName}.");
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

    // The test makes it a conflict when somebody changed the list meanwhile; the change brings the volume here again.
    private async Task RemoveFinalizerAsync(V1PersistentVolume volume, CancellationToken cancellationToken)
    {
        var index = volume.Metadata.Finalizers.IndexOf(LocalStorage.Finalizer);
        var path = $"/metadata/finalizers/{index.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        await _client.PatchAsync<V1PersistentVolume>(
            volume.Metadata.Name,
            null,
            ObjectPatch.Json(
            [
                new JsonObject { ["op"] = "test", ["path"] = path, ["value"] = LocalStorage.Finalizer },
                new JsonObject { ["op"] = "remove", ["path"] = path },
            ]),
            cancellationToken);
    }
}
