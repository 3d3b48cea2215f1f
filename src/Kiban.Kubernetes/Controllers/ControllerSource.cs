using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Controllers;

/// <summary>Turns the changes of one cache into keys to reconcile.</summary>
internal sealed class ControllerSource<T>(
    ResourceCache<T> cache,
    Func<T, IEnumerable<NamespacedName>> map,
    Func<ResourceChange<T>, bool>? predicate) : IControllerSource
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => cache.WaitForSyncAsync(cancellationToken);

    public IDisposable Subscribe(Action<NamespacedName> enqueue) => cache.Subscribe(change =>
    {
        if (predicate?.Invoke(change) == false)
            return;

        // Both states: where an object passes from one owner to another, both have to look.
        foreach (var state in (T?[])[change.Old, change.New])
        {
            if (state is null)
                continue;
            foreach (var key in map(state))
                enqueue(key);
        }
    });
}
