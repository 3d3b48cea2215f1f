using System.Text.Json;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Events;
using Kiban.Kubernetes.Finalizers;
using Kiban.LocalCluster.Snapshots.Api;
using Kiban.LocalCluster.Storage;

namespace Kiban.LocalCluster.Snapshots;

/// <summary>Does what <see cref="ContentRules"/> decide: takes and removes the data of snapshots. Killed at any step, it does the rest the next time.</summary>
internal sealed class Snapshotter
{
    private const string Action = "Snapshot";

    private readonly IKubernetesClient _client;
    private readonly StorageCaches _caches;
    private readonly VolumeDirectories _volumes;
    private readonly SnapshotDirectories _snapshots;
    private readonly IEventRecorder _events;
    private readonly TimeProvider _time;

    public Snapshotter(
        IKubernetesClient client, StorageCaches caches, VolumeDirectories volumes, SnapshotDirectories snapshots, IEventRecorder events, TimeProvider time)
    {
        _client = client;
        _caches = caches;
        _volumes = volumes;
        _snapshots = snapshots;
        _events = events;
        _time = time;
    }

    /// <summary>Brings one content a step further.</summary>
    /// <returns>False when it has to be looked at again after a while.</returns>
    public async Task<bool> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_caches.Contents.Find(key) is not { } content)
        {
            return true;
        }

        var reference = content.Spec.VolumeSnapshotRef;
        var snapshot = _caches.Snapshots.Find(new NamespacedName(reference.NamespaceProperty, reference.Name));
        var isBound = snapshot is not null && SnapshotRules.AreBound(snapshot, content);
        switch (ContentRules.Decide(content, isBound, DataOf(content)))
        {
            case ContentDecision.Protect:
                await _client.AddFinalizerAsync(content, SnapshotApi.ContentFinalizer, cancellationToken);
                return true;
            case ContentDecision.Take take:
                return await TakeAsync(content, take, cancellationToken);
            case ContentDecision.Report { Status: var status }:
                await WriteStatusAsync(content, status, cancellationToken);
                return true;
            case ContentDecision.Fail { Message: var message }:
                await FailAsync(content, message, cancellationToken);
                return false;
            case ContentDecision.Remove { Handle: var handle }:
                _snapshots.Remove(handle);
                await _client.RemoveFinalizerAsync(content, SnapshotApi.ContentFinalizer, cancellationToken);
                return true;
            case ContentDecision.Release:
                await _client.RemoveFinalizerAsync(content, SnapshotApi.ContentFinalizer, cancellationToken);
                return true;
            default:
                return true;
        }
    }

    private SnapshotRecord? DataOf(VolumeSnapshotContent content)
    {
        try
        {
            return content.Spec.Driver == SnapshotApi.Driver ? _snapshots.Find(ContentRules.HandleOf(content)) : null;
        }
        catch (ArgumentException)
        {
            // A handle that somebody wrote and that leads elsewhere is the handle of nothing.
            return null;
        }
    }

    private async Task<bool> TakeAsync(VolumeSnapshotContent content, ContentDecision.Take take, CancellationToken cancellationToken)
    {
        if (_caches.Volumes.Find(new NamespacedName(null, take.Volume)) is not { } volume || !LocalStorage.IsOurs(volume))
        {
            await FailAsync(content, $"Volume {take.Volume} of spec.source.volumeHandle does not exist on this node.", cancellationToken);
            return false;
        }

        var record = new SnapshotRecord(_time.GetUtcNow().UtcDateTime, volume.Spec.Capacity["storage"].InBytes(), take.Volume);
        try
        {
            await _snapshots.TakeAsync(take.Handle, _volumes.PathOf(take.Volume), record, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await FailAsync(content, $"Volume {take.Volume} cannot be copied: {e.Message}", cancellationToken);
            return false;
        }

        if (ContentRules.Decide(content, isBound: true, _snapshots.Find(take.Handle)) is ContentDecision.Report { Status: var status })
        {
            await WriteStatusAsync(content, status, cancellationToken);
        }

        return true;
    }

    private async Task FailAsync(VolumeSnapshotContent content, string message, CancellationToken cancellationToken)
    {
        if (content.Status?.Error?.Message != message)
        {
            var error = new VolumeSnapshotError { Message = message, Time = _time.GetUtcNow().UtcDateTime };
            await WriteStatusAsync(content, (content.Status ?? new VolumeSnapshotContentStatus()) with { ReadyToUse = false, Error = error }, cancellationToken);
            _events.Record(content, EventType.Warning, "SnapshotCreationFailed", Action, message);
        }
    }

    private async Task WriteStatusAsync(VolumeSnapshotContent content, VolumeSnapshotContentStatus status, CancellationToken cancellationToken)
    {
        var node = JsonSerializer.SerializeToNode(status, KubernetesJsonOptions.Default)!.AsObject();
        // A merge patch removes what is null.
        node.TryAdd("error", null);
        var body = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = content.Metadata.Uid }, ["status"] = node };
        await _client.PatchAsync<VolumeSnapshotContent>(content.Metadata.Name, null, ObjectPatch.Merge(body), cancellationToken, new WriteOptions { Subresource = "status" });
    }
}
