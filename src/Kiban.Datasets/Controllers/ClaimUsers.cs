using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Queueing;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Controllers;

/// <summary>Who will use a claim, which says where its loader may run.</summary>
internal sealed class ClaimUsers(
    IKubernetesClient client, IResourceCache<DatasetPod> pods, IResourceCache<V1StorageClass> classes, IConsumerTemplates templates, TimeProvider time)
{
    // A claim that is younger cannot have been in use before its data was asked for, but by Pods that are followed anyway.
    private static readonly TimeSpan Youth = TimeSpan.FromMinutes(1);

    /// <summary>Specifications of the Pods that wait for it, oldest first, and then of those that will be there once their workload is let into its queue.</summary>
    public IReadOnlyList<DatasetPodSpec> Of(DatasetClaim claim) =>
    [
        .. pods.FindByIndex(DatasetCaches.ConsumersByClaim, claim.Key().ToString())
            .Where(pod => !pod.IsOver)
            .OrderBy(pod => pod.Metadata.CreationTimestamp).ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Select(pod => pod.Spec),
        .. templates.Find(claim.Key()),
    ];

    /// <summary>Whether the claim gets its volume only when a Pod uses it.</summary>
    public bool BindsOnFirstUse(DatasetClaim claim) =>
        !string.IsNullOrEmpty(claim.Spec.StorageClassName)
        && classes.Find(new NamespacedName(null, claim.Spec.StorageClassName))?.VolumeBindingMode == "WaitForFirstConsumer";

    /// <summary>
    /// Specifications of the Pods that use an older claim already, whose volume only one node may hold: the loader has to go there.
    /// </summary>
    public async Task<IReadOnlyList<DatasetPodSpec>> FindOnServerAsync(DatasetClaim claim, CancellationToken cancellationToken)
    {
        if (!claim.IsBound || claim.Spec.AccessModes?.Contains("ReadWriteMany") == true || time.GetUtcNow().UtcDateTime - claim.Metadata.CreationTimestamp < Youth)
            return [];
        var found = await client.ListAllAsync<DatasetPod>(claim.Metadata.NamespaceProperty, new ListOptions(), cancellationToken);
        return [.. found.Items.Where(pod => !pod.IsOver && pod.ClaimNames.Contains(claim.Metadata.Name)).Select(pod => pod.Spec)];
    }
}
