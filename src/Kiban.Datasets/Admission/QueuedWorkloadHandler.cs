using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Datasets.Queueing;
using Kiban.Datasets.Waiting;
using Kiban.Kubernetes.Admission;

namespace Kiban.Datasets.Admission;

/// <summary>
/// Keeps new workloads out of their queue in Kueue while data of theirs is not loaded, so that no quota is reserved for them. Without an answer they are
/// created as ever: their Pods still wait, only with quota.
/// </summary>
internal sealed class QueuedWorkloadHandler(ClaimLookup lookup, IEnumerable<QueuedKind> kinds) : IAdmissionHandler
{
    public AdmissionWebhook Webhook { get; } = new()
    {
        Path = "/mutate/workloads/datasets",
        Mutating = true,
        Entries =
        [
            .. kinds.Select(kind => kind.Resource).GroupBy(resource => (resource.Group, resource.Version)).Select(group => new AdmissionWebhookEntry
            {
                Name = $"{group.Key.Group.Split('.')[0]}.workloads.dataset.kiban.dev",
                Group = group.Key.Group,
                Versions = [group.Key.Version],
                Resources = [.. group.Select(resource => resource.Plural)],
                Operations = [AdmissionOperation.Create],
                FailClosed = false,
                ObjectSelector = [new LabelRequirement(DatasetsApi.KueueQueueLabel, "Exists")],
            }),
        ],
    };

    public async ValueTask<AdmissionResponse> HandleAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request is not { Operation: AdmissionOperation.Create, Subresource: null, Namespace: { } space, Object: { } workload }
            || string.IsNullOrEmpty(PodDocument.Label(workload, DatasetsApi.KueueQueueLabel)))
        {
            return AdmissionResponse.Allow();
        }
        var claims = new List<ConsumedClaim>();
        foreach (var name in PodTemplates.In(workload["spec"]).SelectMany(PodVolumes.ClaimNames).Distinct())
            claims.Add(await lookup.FindAsync(space, name, cancellationToken));
        if (QueueHold.IsNeeded(claims))
        {
            var annotations = PodDocument.Child(PodDocument.Child(workload, "metadata"), "annotations");
            annotations[DatasetsApi.KueueGatedByAnnotation] = GatedByAnnotation.With(PodDocument.Annotation(workload, DatasetsApi.KueueGatedByAnnotation));
        }
        return AdmissionResponse.Allow();
    }
}
