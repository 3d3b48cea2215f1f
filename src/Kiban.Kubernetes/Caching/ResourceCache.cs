using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Caching;

/// <summary>
/// The cache of one kind: lists the collection once (by pages, or through the watch where the server serves that), then follows the watch.
/// Reads take the current snapshot without a lock.
/// </summary>
public sealed class ResourceCache<T> : IResourceCache<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly ResourceStore<T> _store;
    private readonly Reflector<T> _reflector;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Creates an empty cache; <see cref="RunAsync"/> fills it.</summary>
    public ResourceCache(IKubernetesClient client, ResourceCacheOptions<T> options, TimeProvider time, ILogger logger)
    {
        _store = new ResourceStore<T>(logger);
        _reflector = new Reflector<T>(client, options, _store, () => _synced.TrySetResult(), time, logger);
    }

    /// <inheritdoc/>
    public bool IsSynced => _synced.Task.IsCompletedSuccessfully;

    /// <summary>Number of objects held.</summary>
    public int Count => _store.Snapshot.Objects.Count;

    /// <summary>Keeps the cache in step until cancelled. No failure ends it: it tries again, with growing pauses. Run it once.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _reflector.RunAsync(cancellationToken);

    /// <inheritdoc/>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public T? Find(NamespacedName key) => _store.Snapshot.Objects.GetValueOrDefault(key);

    /// <inheritdoc/>
    public IReadOnlyCollection<T> List() => ResourceSnapshot<T>.ValuesOf(_store.Snapshot.Objects);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such index.</exception>
    public IReadOnlyCollection<T> FindByIndex(string index, string value) =>
        _store.Snapshot.Indexes.TryGetValue(index, out var found)
            ? ResourceSnapshot<T>.ValuesOf(found.Find(value))
            : throw new ArgumentException($"The cache of {ResourceKind.Of<T>()} has no index '{index}'; add it with AddIndex.", nameof(index));

    /// <summary>
    /// Files all objects, present and future, under the values that <paramref name="values"/> gives for them, to be found by
    /// <see cref="FindByIndex"/>. Where an index of that name exists already, it stays as it is.
    /// </summary>
    public void AddIndex(string name, Func<T, IEnumerable<string>> values) => _store.AddIndex(name, values);

    /// <summary>
    /// Tells of every change, in order, beginning with an addition for each object that is there now; nothing is missed in between.
    /// The handler runs while the cache waits, so it must return at once (put a key into a queue). After the subscription is disposed
    /// of it is not called again.
    /// </summary>
    public IDisposable Subscribe(Action<ResourceChange<T>> handler) => _store.Subscribe(handler);
}
