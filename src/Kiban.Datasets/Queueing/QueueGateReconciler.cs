using System.Net;
using Kiban.Datasets.Api;
using Kiban.Datasets.Waiting;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;

namespace Kiban.Datasets.Queueing;

/// <summary>Lets workloads into their queue when the data of their claims is there: one write each.</summary>
internal sealed class QueueGateReconciler<T>(IKubernetesClient client, IResourceCache<T> workloads, IResourceCache<DatasetClaim> claims) : IReconciler
    where T : QueuedWorkload<T>
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>Whether a change needs a look.</summary>
    public static bool Matters(ResourceChange<T> change) => change.New is { } now && GatedByAnnotation.HasUs(now.GatedBy);

    /// <summary>The workloads that wait for a claim.</summary>
    public static IEnumerable<NamespacedName> WorkloadsOf(DatasetClaim claim, IResourceCaches caches) =>
        caches.Get(QueuedWorkload<T>.Cache).FindByIndex(QueuedWorkload<T>.ByClaim, claim.Key().ToString()).Select(workload => workload.Key());

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (workloads.Find(key) is not { Metadata.DeletionTimestamp: null } workload || !GatedByAnnotation.HasUs(workload.GatedBy)
            || QueueHold.IsNeeded(workload.ClaimNames.Select(name => ConsumedClaim.Of(name, claims.Find(new NamespacedName(key.Namespace, name))))))
        {
            return ReconcileResult.Done;
        }
        try
        {
            var options = new WriteOptions { FieldManager = DatasetsApi.FieldManager };
            await client.PatchAsync<T>(key.Name, key.Namespace, ReleaseFromQueue.Of(workload.Metadata.Uid, workload.GatedBy!), cancellationToken, options);
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            // Deleted a moment ago.
        }
        catch (KubernetesException e) when (e.IsConflict || e.Code == HttpStatusCode.UnprocessableEntity)
        {
            // Somebody else let go of it at the same time; the cache will have that soon.
            return new ReconcileResult(Moment);
        }
        return ReconcileResult.Done;
    }
}
