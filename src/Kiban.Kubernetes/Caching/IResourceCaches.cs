using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Caching;

/// <summary>The caches of a process. Whoever asks for the same kind with the same options gets the same cache, so each collection is watched once.</summary>
public interface IResourceCaches
{
    /// <summary>True when every cache asked for so far has its first complete list.</summary>
    bool AreSynced { get; }

    /// <summary>The cache of a kind. May be asked for at any time; one that is new starts at once where the others run already.</summary>
    ResourceCache<T> Get<T>(ResourceCacheOptions<T>? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Completes when every cache asked for so far has its first complete list.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);
}
