using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Events;
using Kiban.Kubernetes.Finalizers;
using Kiban.LocalCluster.Snapshots.Api;
using Kiban.LocalCluster.Storage;

namespace Kiban.LocalCluster.Snapshots;

/// <summary>Does what <see cref="SnapshotRules"/> decide. Killed at any step, it does the rest the next time.</summary>
internal sealed class SnapshotController
{
    private const string Action = "Snapshot";

    private readonly IKubernetesClient _client;
    private readonly StorageCaches _caches;
    private readonly IEventRecorder _events;
    private readonly TimeProvider _time;

    public SnapshotController(IKubernetesClient client, StorageCaches caches, IEventRecorder events, TimeProvider time)
    {
        _client = client;
        _caches = caches;
        _events = events;
        _time = time;
    }

    /// <summary>Brings one snapshot a step further.</summary>
    /// <returns>False when it has to be looked at again after a while.</returns>
    public async Task<bool> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_caches.Snapshots.Find(key) is not { } snapshot)
        {
            return true;
        }

        var seen = await ObserveAsync(snapshot, cancellationToken);
        switch (SnapshotRules.Decide(seen))
        {
            case SnapshotDecision.Protect:
                if (await _client.AddFinalizerAsync(snapshot, SnapshotApi.AsSourceFinalizer, cancellationToken) is { } half)
                {
                    await _client.AddFinalizerAsync(half, SnapshotApi.BoundFinalizer, cancellationToken);
                }

                return true;
            case SnapshotDecision.SetClass { Name: var name }:
                await PatchAsync(snapshot, new JsonObject { ["spec"] = new JsonObject { ["volumeSnapshotClassName"] = name } }, cancellationToken);
                return true;
            case SnapshotDecision.ProtectClaim:
                await _client.AddFinalizerAsync(seen.Claim!, SnapshotApi.ClaimFinalizer, cancellationToken);
                return true;
            case SnapshotDecision.CreateContent { Content: var content }:
                await CreateContentAsync(snapshot, content, cancellationToken);
                return true;
            case SnapshotDecision.Bind:
                await BindAsync(snapshot, seen.Content!, cancellationToken);
                return true;
            case SnapshotDecision.Report { Status: var status }:
                await ReportAsync(snapshot, status, cancellationToken);
                return true;
            case SnapshotDecision.Fail failure:
                await FailAsync(snapshot, failure, cancellationToken);
                return false;
            case SnapshotDecision.ReleaseClaim:
                await _client.RemoveFinalizerAsync(seen.Claim!, SnapshotApi.ClaimFinalizer, cancellationToken);
                return true;
            case SnapshotDecision.Hold { Message: var message }:
                _events.Record(snapshot, EventType.Warning, "SnapshotDeletePending", Action, message);
                return true;
            case SnapshotDecision.GiveUpContent { Delete: var delete }:
                await GiveUpAsync(seen.Content!, delete, cancellationToken);
                return true;
            case SnapshotDecision.Release:
                if (await _client.RemoveFinalizerAsync(snapshot, SnapshotApi.AsSourceFinalizer, cancellationToken) is { } rest)
                {
                    await _client.RemoveFinalizerAsync(rest, SnapshotApi.BoundFinalizer, cancellationToken);
                }

                return true;
            default:
                return true;
        }
    }

    private async Task<SnapshotObservation> ObserveAsync(VolumeSnapshot snapshot, CancellationToken cancellationToken)
    {
        var content = _caches.ContentOf(snapshot);
        if (content is null && snapshot.Metadata.DeletionTimestamp is not null)
        {
            // One that was made a moment ago must not be left behind.
            content = await _client.FindAsync<VolumeSnapshotContent>(
                snapshot.Spec.Source.VolumeSnapshotContentName ?? SnapshotApi.ContentName(snapshot.Metadata.Uid), null, cancellationToken);
        }

        var claim = _caches.Claim(snapshot.Metadata.NamespaceProperty, snapshot.Spec.Source.PersistentVolumeClaimName);
        return new SnapshotObservation
        {
            Snapshot = snapshot,
            Content = content,
            Claim = claim,
            Volume = _caches.VolumeOf(claim),
            Classes = _caches.SnapshotClasses.List(),
            ClaimIsCopiedForOthers = _caches.Snapshots.List().Any(other => IsTakenOfSameClaim(snapshot, other)),
            RestoringClaim = _caches.ClaimsFrom(snapshot.Key()).FirstOrDefault(restoring => restoring.Status?.Phase == "Pending")?.Metadata.Name,
        };
    }

    private static bool IsTakenOfSameClaim(VolumeSnapshot snapshot, VolumeSnapshot other) =>
        other.Metadata.Uid != snapshot.Metadata.Uid
        && other.Metadata.NamespaceProperty == snapshot.Metadata.NamespaceProperty
        && other.Spec.Source.PersistentVolumeClaimName is { } claim
        && claim == snapshot.Spec.Source.PersistentVolumeClaimName
        && other.Status?.ReadyToUse is not true;

    private async Task CreateContentAsync(VolumeSnapshot snapshot, VolumeSnapshotContent content, CancellationToken cancellationToken)
    {
        try
        {
            await _client.CreateAsync(content, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsConflict)
        {
            // Made by an earlier run that ended before it saw the answer.
            return;
        }

        _events.Record(snapshot, EventType.Normal, "CreatingSnapshot", Action, $"VolumeSnapshotContent {content.Metadata.Name} is made, and the volume is being copied.");
    }

    // The version makes it a conflict when another snapshot was faster.
    private async Task BindAsync(VolumeSnapshot snapshot, VolumeSnapshotContent content, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = content.Metadata.ResourceVersion },
            ["spec"] = new JsonObject { ["volumeSnapshotRef"] = new JsonObject { ["uid"] = snapshot.Metadata.Uid } },
        };
        await _client.PatchAsync<VolumeSnapshotContent>(content.Metadata.Name, null, ObjectPatch.Merge(body), cancellationToken);
    }

    private async Task ReportAsync(VolumeSnapshot snapshot, VolumeSnapshotStatus status, CancellationToken cancellationToken)
    {
        await WriteStatusAsync(snapshot, status, cancellationToken);
        if (status.ReadyToUse is true && snapshot.Status?.ReadyToUse is not true)
        {
            _events.Record(snapshot, EventType.Normal, "SnapshotReady", Action, "Volumes can be filled from the snapshot.");
        }
    }

    private async Task FailAsync(VolumeSnapshot snapshot, SnapshotDecision.Fail failure, CancellationToken cancellationToken)
    {
        if (snapshot.Status?.Error?.Message != failure.Message)
        {
            var error = new VolumeSnapshotError { Message = failure.Message, Time = _time.GetUtcNow().UtcDateTime };
            await WriteStatusAsync(snapshot, (snapshot.Status ?? new VolumeSnapshotStatus()) with { ReadyToUse = false, Error = error }, cancellationToken);
            _events.Record(snapshot, EventType.Warning, failure.Reason, Action, failure.Message);
        }
    }

    private async Task GiveUpAsync(VolumeSnapshotContent content, bool delete, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [SnapshotApi.BeingDeletedAnnotation] = "yes" } },
        };
        try
        {
            await _client.PatchAsync<VolumeSnapshotContent>(content.Metadata.Name, null, ObjectPatch.Merge(body), cancellationToken);
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            return;
        }

        if (delete)
        {
            await _client.DeleteAsync<VolumeSnapshotContent>(content.Metadata.Name, null, cancellationToken, new DeleteOptions { Uid = content.Metadata.Uid });
        }
    }

    private Task WriteStatusAsync(VolumeSnapshot snapshot, VolumeSnapshotStatus status, CancellationToken cancellationToken)
    {
        var node = JsonSerializer.SerializeToNode(status, KubernetesJsonOptions.Default)!.AsObject();
        // A merge patch removes what is null.
        node.TryAdd("error", null);
        return PatchAsync(snapshot, new JsonObject { ["status"] = node }, cancellationToken, "status");
    }

    private async Task PatchAsync(VolumeSnapshot snapshot, JsonObject body, CancellationToken cancellationToken, string? subresource = null)
    {
        // Never a namesake made later.
        body["metadata"] = new JsonObject { ["uid"] = snapshot.Metadata.Uid };
        await _client.PatchAsync<VolumeSnapshot>(
            snapshot.Metadata.Name, snapshot.Metadata.NamespaceProperty, ObjectPatch.Merge(body), cancellationToken, new WriteOptions { Subresource = subresource });
    }
}
