using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Testing.Fakes;

/// <summary>A cache that holds what a test puts into it.</summary>
public sealed class FakeCache<T> : IResourceCache<T> where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Dictionary<NamespacedName, T> _items = [];

    /// <inheritdoc/>
    public bool IsSynced => true;

    /// <summary>Puts an object into it.</summary>
    public void Add(T item) => _items[new NamespacedName(item.Metadata.NamespaceProperty, item.Metadata.Name)] = item;

    /// <inheritdoc/>
    public T? Find(NamespacedName key) => _items.GetValueOrDefault(key);

    /// <inheritdoc/>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public IReadOnlyCollection<T> List() => _items.Values;

    /// <inheritdoc/>
    public IReadOnlyCollection<T> FindByIndex(string index, string value) => throw new NotSupportedException("This cache has no index.");
}
