using Kiban.Datasets.Api;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Queueing;

/// <summary>Those of all kinds.</summary>
/// <param name="kinds">For each kind, the held workloads that wait for a claim.</param>
internal sealed class ConsumerTemplates(IEnumerable<Func<NamespacedName, IEnumerable<QueuedWorkload>>> kinds) : IConsumerTemplates
{
    private readonly Func<NamespacedName, IEnumerable<QueuedWorkload>>[] _kinds = [.. kinds];

    public IReadOnlyList<DatasetPodSpec> Find(NamespacedName claim) =>
    [
        .. _kinds.SelectMany(find => find(claim))
            .OrderBy(workload => workload.Metadata.CreationTimestamp).ThenBy(workload => workload.Metadata.Name, StringComparer.Ordinal)
            .SelectMany(workload => workload.Pods)
            .Where(pod => pod.Volumes?.Any(volume => volume.PersistentVolumeClaim?.ClaimName == claim.Name) == true),
    ];
}
