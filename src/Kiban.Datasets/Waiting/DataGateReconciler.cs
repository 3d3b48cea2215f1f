using System.Collections.Concurrent;
using System.Net;
using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;
using Kiban.Kubernetes.Events;

namespace Kiban.Datasets.Waiting;

/// <summary>
/// Lets Pods go whose data is there: one write a Pod, after which it is not followed any more. While a load has failed, the Pod says so in an event and a
/// condition.
/// </summary>
internal sealed class DataGateReconciler(
    IKubernetesClient client, IResourceCache<DatasetPod> pods, IResourceCache<DatasetClaim> claims, IEventRecorder events, TimeProvider time) : IReconciler
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    // What was said of each Pod last, so that it is not said at every look.
    private readonly ConcurrentDictionary<NamespacedName, string> _said = new();

    /// <summary>Whether a change of a Pod needs a look.</summary>
    public static bool Matters(ResourceChange<DatasetPod> change) =>
        change.Object.HasRole(DatasetsApi.ConsumerRole) || change.Old?.HasRole(DatasetsApi.ConsumerRole) == true;

    /// <summary>Whether a change of a claim is one for the Pods that wait for it; that bytes come in is not.</summary>
    public static bool Matters(ResourceChange<DatasetClaim> change)
    {
        if (change is not { Old: { } old, New: { } now })
            return true;
        var (before, after) = (ConsumedClaim.Of("", old), ConsumedClaim.Of("", now));
        return before.Readiness != after.Readiness || (after.Readiness == ClaimReadiness.Failed && before != after);
    }

    /// <summary>The Pods that wait for a claim.</summary>
    public static IEnumerable<NamespacedName> PodsOf(DatasetClaim claim, IResourceCaches caches) =>
        caches.Get(DatasetCaches.Pods).FindByIndex(DatasetCaches.ConsumersByClaim, claim.Key().ToString()).Select(pod => pod.Key());

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (pods.Find(key) is not { IsOver: false } pod || !pod.HasRole(DatasetsApi.ConsumerRole))
        {
            _said.TryRemove(key, out _);
            return ReconcileResult.Done;
        }
        List<ConsumedClaim> used = [.. pod.ClaimNames.Distinct().Select(name => ConsumedClaim.Of(name, claims.Find(new NamespacedName(key.Namespace, name))))];
        var waiting = WaitingStory.Waiting(used);
        var failed = WaitingStory.Failed(used);
        if (failed is var (reason, message))
            Say(pod, EventType.Warning, reason, message);
        else if (waiting is not null)
            Say(pod, EventType.Normal, "WaitingForData", waiting);

        try
        {
            await WriteConditionAsync(pod, failed, cancellationToken);
            if (waiting is null)
                await client.PatchAsync<DatasetPod>(pod.Metadata.Name, key.Namespace, PodRelease.Of(pod), cancellationToken, new WriteOptions { FieldManager = DatasetsApi.FieldManager });
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            // Deleted a moment ago.
        }
        catch (KubernetesException e) when (e.IsConflict || e.Code == HttpStatusCode.UnprocessableEntity)
        {
            // It is not as the cache has it any more; what it is now will be here soon.
            return new ReconcileResult(Moment);
        }
        return ReconcileResult.Done;
    }

    private void Say(DatasetPod pod, EventType type, string reason, string message)
    {
        var before = _said.GetValueOrDefault(pod.Key());
        _said[pod.Key()] = message;
        if (before != message)
            events.Record(pod, type, reason, "Wait", message);
    }

    private async Task WriteConditionAsync(DatasetPod pod, (string Reason, string Message)? failed, CancellationToken cancellationToken)
    {
        var before = pod.Status.Conditions?.FirstOrDefault(condition => condition.Type == DatasetsApi.Condition);
        if (before?.Reason == failed?.Reason && before?.Message == failed?.Message)
            return;
        var condition = failed is not var (reason, message) ? null : new V1PodCondition
        {
            Type = DatasetsApi.Condition,
            Status = "False",
            Reason = reason,
            Message = message,
            LastTransitionTime = before?.LastTransitionTime ?? time.GetUtcNow().UtcDateTime,
        };
        // Server-side apply of this condition alone, or of none, leaves the scheduler's and the kubelet's as they are.
        await client.ApplyAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = pod.Metadata.Name, NamespaceProperty = pod.Metadata.NamespaceProperty, Uid = pod.Metadata.Uid },
                Status = new V1PodStatus { Conditions = condition is null ? [] : [condition] },
            },
            DatasetsApi.FieldManager, cancellationToken, new WriteOptions { Subresource = "status" });
    }
}
