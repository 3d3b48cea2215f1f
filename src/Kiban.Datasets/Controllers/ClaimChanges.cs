using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;

namespace Kiban.Datasets.Controllers;

/// <summary>Which changes lead to which claims.</summary>
internal static class ClaimChanges
{
    /// <summary>Whether a change of a claim needs a look. Its conditions are written by the controller itself, and their change is no news to it.</summary>
    public static bool Matter(ResourceChange<DatasetClaim> change)
    {
        if (change is { Old: { } old, New: { } now })
        {
            return (old.IsDataset || now.IsDataset)
                && (old.Metadata.DeletionTimestamp != now.Metadata.DeletionTimestamp
                    || old.Status.Phase != now.Status.Phase
                    || old.Spec.VolumeName != now.Spec.VolumeName
                    || ChangePredicates.AnnotationsChanged(change));
        }
        // A condition without annotations is of a claim that stopped asking while nobody looked.
        return change.Object.IsDataset || change.Object.Condition is not null;
    }

    /// <summary>The claims that a Pod fills or waits for.</summary>
    public static IEnumerable<NamespacedName> ClaimsOf(DatasetPod pod) =>
        pod.ClaimNames.Select(name => new NamespacedName(pod.Metadata.NamespaceProperty, name));

    /// <summary>The claims of a class that have no volume yet.</summary>
    public static IEnumerable<NamespacedName> ClaimsOf(V1StorageClass storageClass, IResourceCaches caches) =>
        from claim in caches.Get(DatasetCaches.Claims).List()
        where claim.IsDataset && !claim.IsBound && claim.Spec.StorageClassName == storageClass.Metadata.Name
        select claim.Key();

    /// <summary>The claim that a snapshot is cut from.</summary>
    public static IEnumerable<NamespacedName> ClaimOf(VolumeSnapshot snapshot) =>
        snapshot.Spec.Source.PersistentVolumeClaimName is { } name ? [new NamespacedName(snapshot.Metadata.NamespaceProperty, name)] : [];
}
