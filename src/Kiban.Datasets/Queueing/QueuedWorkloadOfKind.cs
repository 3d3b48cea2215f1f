using Kiban.Datasets.Api;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Queueing;

/// <summary>A kind of workload that Kueue queues.</summary>
/// <typeparam name="T">The kind itself.</typeparam>
internal abstract class QueuedWorkload<T> : QueuedWorkload
    where T : QueuedWorkload<T>
{
    /// <summary>Index of held workloads by <c>namespace/claim</c>.</summary>
    public const string ByClaim = "waits-for";

    /// <summary>Those that name a queue. The kind need not be installed.</summary>
    public static ResourceCacheOptions<T> Cache { get; } = new() { LabelSelector = DatasetsApi.KueueQueueLabel, IsOptional = true, Transform = Reduced };

    /// <summary>What <see cref="ByClaim"/> files a workload under.</summary>
    public static IEnumerable<string> FiledUnder(T workload) => ClaimsOf(workload).Select(claim => claim.ToString());

    /// <summary>The claims that a workload waits for.</summary>
    public static IEnumerable<NamespacedName> ClaimsOf(T workload) =>
        workload.ClaimNames.Select(name => new NamespacedName(workload.Metadata.NamespaceProperty, name));

    private static T Reduced(T workload)
    {
        workload.Reduce();
        return workload;
    }
}
