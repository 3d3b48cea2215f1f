using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Caching;

/// <summary>
/// A local copy of a collection, kept in step with the server by list and watch. Reads never block and never fail; objects are shared, so treat them as immutable.
/// </summary>
public interface IResourceCache<T> where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>True once the first complete list is in.</summary>
    bool IsSynced { get; }

    /// <summary>Completes when <see cref="IsSynced"/> becomes true.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);

    /// <summary>The object, or null where the copy has none (it may have been created a moment ago).</summary>
    T? Find(NamespacedName key);

    /// <summary>All objects, as one consistent snapshot.</summary>
    IReadOnlyCollection<T> List();

    /// <summary>The objects that the named index files under <paramref name="value"/>.</summary>
    IReadOnlyCollection<T> FindByIndex(string index, string value);
}
