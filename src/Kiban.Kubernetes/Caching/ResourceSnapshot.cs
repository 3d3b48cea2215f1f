using System.Collections;
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Caching;

/// <summary>The whole state of a cache at one moment. Immutable: readers take the reference and need no lock.</summary>
internal sealed record ResourceSnapshot<T>(
    ImmutableDictionary<NamespacedName, T> Objects,
    ImmutableDictionary<string, ResourceIndex<T>> Indexes)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public static ResourceSnapshot<T> Empty { get; } =
        new(ImmutableDictionary<NamespacedName, T>.Empty, ImmutableDictionary<string, ResourceIndex<T>>.Empty);

    public ResourceSnapshot<T> With(NamespacedName key, T? old, T? value) => new(
        value is null ? Objects.Remove(key) : Objects.SetItem(key, value),
        Indexes.IsEmpty ? Indexes : Indexes.SetItems(Indexes.Select(index => KeyValuePair.Create(index.Key, index.Value.With(key, old, value)))));

    public ResourceSnapshot<T> WithAll(ImmutableDictionary<NamespacedName, T> objects) => new(
        objects,
        Indexes.SetItems(Indexes.Select(index => KeyValuePair.Create(index.Key, ResourceIndex<T>.Build(index.Value.Values, objects)))));

    public ResourceSnapshot<T> WithIndex(string name, Func<T, IEnumerable<string>> values) =>
        this with { Indexes = Indexes.SetItem(name, ResourceIndex<T>.Build(values, Objects)) };

    public static IReadOnlyCollection<T> ValuesOf(ImmutableDictionary<NamespacedName, T> objects) => new ValueCollection(objects);

    private sealed class ValueCollection(ImmutableDictionary<NamespacedName, T> objects) : IReadOnlyCollection<T>
    {
        public int Count => objects.Count;

        public IEnumerator<T> GetEnumerator() => objects.Values.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
