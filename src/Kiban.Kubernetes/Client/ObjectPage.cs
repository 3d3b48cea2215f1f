using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Client;

/// <summary>One page of a collection.</summary>
/// <param name="Items">The objects.</param>
/// <param name="ResourceVersion">Version of the collection: a watch from here misses nothing.</param>
/// <param name="Continue">Token of the next page, or null at the end.</param>
public sealed record ObjectPage<T>(IReadOnlyList<T> Items, string ResourceVersion, string? Continue)
    where T : class, IKubernetesObject<V1ObjectMeta>;
