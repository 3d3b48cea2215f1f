using System.Collections.Concurrent;
using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Loading;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Events;

namespace Kiban.Datasets.Controllers;

/// <summary>
/// Writes the condition of a claim: every transition at once, numbers that only grow at most once an interval, and nothing that stands there
/// already. The condition's <c>lastProbeTime</c> is the time of the last write, so that the interval holds over restarts. Server-side apply with no
/// other condition beside it leaves those of the resizer alone.
/// </summary>
internal sealed class ClaimReporter(IKubernetesClient client, IEventRecorder events, DatasetsOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<NamespacedName, (string Uid, V1PersistentVolumeClaimCondition Condition)> _written = new();

    /// <summary>Says it of the claim.</summary>
    /// <returns>Time after which a message that was held back may be written; null when all is said.</returns>
    public async Task<TimeSpan?> ReportAsync(DatasetClaim claim, LoadStatus status, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = Newest(claim);
        var wanted = status.IsLoaded ? "True" : "False";
        var isTransition = before is null || before.Status != wanted || before.Reason != status.Reason;
        if (!isTransition && before!.Message == status.Message)
            return null;
        if (!isTransition && before!.LastProbeTime is { } last && last + options.ProgressInterval - now.UtcDateTime is { Ticks: > 0 } early)
            return early;

        var condition = new V1PersistentVolumeClaimCondition
        {
            Type = DatasetsApi.Condition,
            Status = wanted,
            Reason = status.Reason,
            Message = status.Message,
            LastProbeTime = now.UtcDateTime,
            LastTransitionTime = before?.Status == wanted ? before.LastTransitionTime : now.UtcDateTime,
        };
        await ApplyAsync(claim, [condition], cancellationToken);
        _written[claim.Key()] = (claim.Metadata.Uid, condition);
        if (isTransition)
            Tell(claim, status);
        return null;
    }

    /// <summary>Takes the condition back, of a claim that asks for nothing any more.</summary>
    public async Task WithdrawAsync(DatasetClaim claim, CancellationToken cancellationToken)
    {
        if (Newest(claim) is null)
            return;
        await ApplyAsync(claim, [], cancellationToken);
        Forget(claim.Key());
    }

    /// <summary>The claim is gone.</summary>
    public void Forget(NamespacedName claim) => _written.TryRemove(claim, out _);

    // The cache may not have seen the last write yet.
    private V1PersistentVolumeClaimCondition? Newest(DatasetClaim claim)
    {
        var seen = claim.Condition;
        return _written.TryGetValue(claim.Key(), out var written) && written.Uid == claim.Metadata.Uid
            && (seen is null || written.Condition.LastProbeTime > seen.LastProbeTime) ? written.Condition : seen;
    }

    private async Task ApplyAsync(DatasetClaim claim, IList<V1PersistentVolumeClaimCondition> conditions, CancellationToken cancellationToken) => await client.ApplyAsync(
        new V1PersistentVolumeClaim
        {
            // With its UID, so that a namesake made later is never written.
            Metadata = new V1ObjectMeta { Name = claim.Metadata.Name, NamespaceProperty = claim.Metadata.NamespaceProperty, Uid = claim.Metadata.Uid },
            Status = new V1PersistentVolumeClaimStatus { Conditions = conditions },
        },
        DatasetsApi.FieldManager, cancellationToken, new WriteOptions { Subresource = "status" });

    private void Tell(DatasetClaim claim, LoadStatus status)
    {
        // These come and go by themselves; the condition says them, and an event for each would only be noise.
        if (status.Reason is LoadReasons.Starting or LoadReasons.Listing or LoadReasons.Verifying or LoadReasons.Queued or LoadReasons.CuttingSnapshot)
            return;
        var isBad = LoadReasons.IsFailure(status.Reason)
            || status.Reason is LoadReasons.QuotaExceeded or LoadReasons.PodRefused or LoadReasons.Stalled or LoadReasons.StoreUnavailable or LoadReasons.WaitingForCredential;
        events.Record(claim, isBad ? EventType.Warning : EventType.Normal, status.Reason, "Load", status.Message);
    }
}
