using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Client;

/// <summary>The answer to a list, whatever its kind.</summary>
internal sealed class ObjectListDocument<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public V1ListMeta? Metadata { get; init; }

    public List<T>? Items { get; init; }
}
