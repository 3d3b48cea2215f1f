using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Credentials.Tests.Fakes;

internal sealed class FakeCache<T> : IResourceCache<T> where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Dictionary<NamespacedName, T> _items = [];

    public bool IsSynced => true;

    public void Add(T item) => _items[new NamespacedName(item.Metadata.NamespaceProperty, item.Metadata.Name)] = item;

    public T? Find(NamespacedName key) => _items.GetValueOrDefault(key);

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public IReadOnlyCollection<T> List() => _items.Values;

    public IReadOnlyCollection<T> FindByIndex(string index, string value) => throw new NotSupportedException("This part uses no index.");
}
