using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Caching;

/// <summary>One change of a cache. An object that was deleted and made anew under the same name is a deletion and an addition.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Old">The object before; null for an addition. For a deletion its last state.</param>
/// <param name="New">The object now; null for a deletion.</param>
/// <param name="FinalStateUnknown">
/// The deletion happened while the watch was interrupted and was found by listing anew: <paramref name="Old"/> is the last state
/// seen, and the object may have changed since.
/// </param>
public readonly record struct ResourceChange<T>(ResourceChangeType Type, T? Old, T? New, bool FinalStateUnknown = false)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The object now, or for a deletion its last state.</summary>
    public T Object => New ?? Old!;

    /// <summary>Key of the object.</summary>
    public NamespacedName Key => Object.Key();

    internal static ResourceChange<T> Added(T value) => new(ResourceChangeType.Added, null, value);

    internal static ResourceChange<T> Updated(T old, T value) => new(ResourceChangeType.Updated, old, value);

    internal static ResourceChange<T> Deleted(T last, bool finalStateUnknown = false) => new(ResourceChangeType.Deleted, last, null, finalStateUnknown);
}
