using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Caching;

/// <summary>Objects filed under values computed from them. Immutable.</summary>
internal sealed record ResourceIndex<T>(
    Func<T, IEnumerable<string>> Values,
    ImmutableDictionary<string, ImmutableDictionary<NamespacedName, T>> Buckets)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly ImmutableDictionary<NamespacedName, T> EmptyBucket = ImmutableDictionary<NamespacedName, T>.Empty;

    public static ResourceIndex<T> Build(Func<T, IEnumerable<string>> values, IEnumerable<KeyValuePair<NamespacedName, T>> objects)
    {
        var buckets = new Dictionary<string, ImmutableDictionary<NamespacedName, T>.Builder>();
        foreach (var (key, value) in objects)
        {
            foreach (var filedUnder in values(value))
            {
                if (!buckets.TryGetValue(filedUnder, out var bucket))
                    buckets.Add(filedUnder, bucket = EmptyBucket.ToBuilder());
                bucket[key] = value;
            }
        }
        return new ResourceIndex<T>(
            values,
            buckets.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToImmutable()));
    }

    public ImmutableDictionary<NamespacedName, T> Find(string value) => Buckets.GetValueOrDefault(value, EmptyBucket);

    public ResourceIndex<T> With(NamespacedName key, T? old, T? value)
    {
        // Most updates leave an object where it was filed; its place is then overwritten without a removal.
        string[] before = old is null ? [] : [.. Values(old)];
        string[] after = value is null ? [] : [.. Values(value)];
        var buckets = Buckets;
        foreach (var filedUnder in before)
        {
            if (Array.IndexOf(after, filedUnder) >= 0)
                continue;
            var bucket = buckets.GetValueOrDefault(filedUnder, EmptyBucket).Remove(key);
            buckets = bucket.IsEmpty ? buckets.Remove(filedUnder) : buckets.SetItem(filedUnder, bucket);
        }
        foreach (var filedUnder in after)
            buckets = buckets.SetItem(filedUnder, buckets.GetValueOrDefault(filedUnder, EmptyBucket).SetItem(key, value!));
        return this with { Buckets = buckets };
    }
}
