using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Controllers;

/// <summary>Finds owners by the owner reference that says <c>controller: true</c>.</summary>
internal static class OwnedObjects
{
    /// <summary>
    /// Key of the object's controlling owner, where that is of the kind asked for; the API version is left out of account, since an owner
    /// may be written under any version its group serves.
    /// </summary>
    public static IEnumerable<NamespacedName> ControllerOf(IKubernetesObject<V1ObjectMeta> value, ResourceKind owner, bool ownerIsClusterScoped)
    {
        foreach (var reference in value.Metadata.OwnerReferences ?? [])
        {
            if (reference.Controller == true && reference.Kind == owner.Kind && GroupOf(reference.ApiVersion) == owner.Group)
                yield return new NamespacedName(ownerIsClusterScoped ? null : value.Key().Namespace, reference.Name);
        }
    }

    private static string GroupOf(string apiVersion) => apiVersion.IndexOf('/') is > 0 and var slash ? apiVersion[..slash] : "";
}
