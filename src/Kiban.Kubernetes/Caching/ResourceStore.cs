using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Caching;

/// <summary>
/// The objects of a cache and those who are told of changes. One writer at a time (the reflector, or a new subscription); any number of
/// readers. A change is first visible to readers, then told, and told in the order of the writes: no subscriber misses one or sees two
/// of one object in the wrong order.
/// </summary>
internal sealed class ResourceStore<T>(ILogger logger)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _gate = new();
    private volatile ResourceSnapshot<T> _snapshot = ResourceSnapshot<T>.Empty;
    private ImmutableArray<Subscription> _subscriptions = [];

    public ResourceSnapshot<T> Snapshot => _snapshot;

    /// <summary>Takes in a version of an object, as an event of the watch brought it.</summary>
    public void Put(T value)
    {
        var key = value.Key();
        lock (_gate)
        {
            var old = _snapshot.Objects.GetValueOrDefault(key);

            // A stream that repeats itself tells nothing new.
            if (old is not null && IsSameVersion(old, value))
                return;
            _snapshot = _snapshot.With(key, old, value);
            TellReplacement(old, value);
        }
    }

    /// <summary>Removes an object, given its last state.</summary>
    public void Remove(T last)
    {
        var key = last.Key();
        lock (_gate)
        {
            if (!_snapshot.Objects.TryGetValue(key, out var old))
                return;
            _snapshot = _snapshot.With(key, old, null);
            Tell(ResourceChange<T>.Deleted(last));
        }
    }

    /// <summary>Takes in a complete list: what it lacks was deleted.</summary>
    public void Replace(IEnumerable<T> all)
    {
        lock (_gate)
        {
            var before = _snapshot.Objects;
            var after = ImmutableDictionary.CreateBuilder<NamespacedName, T>();
            foreach (var value in all)
            {
                // The instance that readers have already is kept, so that a new list of an unchanged collection costs no memory for long.
                var key = value.Key();
                after[key] = before.TryGetValue(key, out var old) && IsSameVersion(old, value) ? old : value;
            }

            _snapshot = _snapshot.WithAll(after.ToImmutable());
            foreach (var (key, old) in before)
            {
                if (!after.ContainsKey(key))
                    Tell(ResourceChange<T>.Deleted(old, finalStateUnknown: true));
            }
            foreach (var (key, value) in after)
            {
                var old = before.GetValueOrDefault(key);
                if (!ReferenceEquals(old, value))
                    TellReplacement(old, value);
            }
        }
    }

    /// <summary>Files all objects, present and future, under the values computed from them. A name keeps its first function.</summary>
    public void AddIndex(string name, Func<T, IEnumerable<string>> values)
    {
        lock (_gate)
        {
            if (!_snapshot.Indexes.ContainsKey(name))
                _snapshot = _snapshot.WithIndex(name, value => SafeValues(name, values, value));
        }
    }

    public IDisposable Subscribe(Action<ResourceChange<T>> handler)
    {
        lock (_gate)
        {
            var subscription = new Subscription(this, handler);
            foreach (var value in _snapshot.Objects.Values)
                Tell(subscription, ResourceChange<T>.Added(value));
            _subscriptions = _subscriptions.Add(subscription);
            return subscription;
        }
    }

    private static bool IsSameVersion(T left, T right) =>
        left.Metadata.ResourceVersion == right.Metadata.ResourceVersion && left.Metadata.Uid == right.Metadata.Uid;

    private void TellReplacement(T? old, T value)
    {
        if (old is null)
        {
            Tell(ResourceChange<T>.Added(value));
        }
        else if (old.Metadata.Uid == value.Metadata.Uid)
        {
            Tell(ResourceChange<T>.Updated(old, value));
        }
        else
        {
            Tell(ResourceChange<T>.Deleted(old, finalStateUnknown: true));
            Tell(ResourceChange<T>.Added(value));
        }
    }

    private void Tell(ResourceChange<T> change)
    {
        foreach (var subscription in _subscriptions)
            Tell(subscription, change);
    }

    private void Tell(Subscription subscription, ResourceChange<T> change)
    {
        try
        {
            subscription.Handler(change);
        }
        catch (Exception exception)
        {
            // One subscriber's fault must neither stop the cache nor reach the others.
            CacheLog.HandlerFailed(logger, exception, ResourceKind.Of<T>(), change.Key);
        }
    }

    private string[] SafeValues(string name, Func<T, IEnumerable<string>> values, T value)
    {
        try
        {
            return [.. values(value)];
        }
        catch (Exception exception)
        {
            CacheLog.IndexFailed(logger, exception, name, ResourceKind.Of<T>(), value.Key());
            return [];
        }
    }

    private sealed class Subscription(ResourceStore<T> store, Action<ResourceChange<T>> handler) : IDisposable
    {
        public Action<ResourceChange<T>> Handler { get; } = handler;

        public void Dispose()
        {
            lock (store._gate)
                store._subscriptions = store._subscriptions.Remove(this);
        }
    }
}
