using Kiban.Datasets.Api;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Queueing;

/// <summary>
/// The Pods that workloads will have which are kept out of their queue until a claim is loaded. There are no such Pods yet, but they say where the claim
/// has to be loaded.
/// </summary>
internal interface IConsumerTemplates
{
    /// <summary>Specifications of the Pods that will use a claim, oldest workload first.</summary>
    IReadOnlyList<DatasetPodSpec> Find(NamespacedName claim);
}
