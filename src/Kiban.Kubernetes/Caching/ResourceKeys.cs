using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Caching;

/// <summary>Keys of objects.</summary>
public static class ResourceKeys
{
    /// <summary>The key of an object within its kind.</summary>
    public static NamespacedName Key(this IKubernetesObject<V1ObjectMeta> value) =>
        new(string.IsNullOrEmpty(value.Metadata.NamespaceProperty) ? null : value.Metadata.NamespaceProperty, value.Metadata.Name);
}
