using System.Collections.Immutable;
using Kiban.ObjectStore.Testing.Contents;

namespace Kiban.ObjectStore.Testing.Buckets;

/// <summary>A bucket. It may be changed while it is read.</summary>
public sealed class TestBucket
{
    private readonly TimeProvider _time;
    private readonly Func<long> _nextGeneration;
    private ImmutableSortedDictionary<string, StoredObject> _objects = ImmutableSortedDictionary.Create<string, StoredObject>(KeyComparer.Instance);

    internal TestBucket(string name, TimeProvider time, Func<long> nextGeneration)
    {
        Name = name;
        _time = time;
        _nextGeneration = nextGeneration;
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>Whether anybody may read it, without a credential.</summary>
    public bool IsPublic { get; set; }

    /// <summary>S3: the region it is in; others are told so.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Google: whether requests must name the project that pays.</summary>
    public bool IsRequesterPays { get; set; }

    /// <summary>How its listing comes.</summary>
    public ListingHabits Listing { get; set; } = new();

    /// <summary>Its objects, ordered by the bytes of their keys.</summary>
    public ImmutableSortedDictionary<string, StoredObject> Objects => Volatile.Read(ref _objects);

    /// <summary>Bytes of all objects together.</summary>
    public long TotalLength => Objects.Values.Sum(stored => stored.Length);

    /// <summary>Puts an object, in the place of the one with the same key if there is one.</summary>
    public StoredObject Put(string key, ObjectContent content) => Put(new StoredObject { Key = key, Content = content });

    /// <summary>Puts an object with bytes held in memory.</summary>
    public StoredObject Put(string key, byte[] content) => Put(key, ObjectContent.Of(content));

    /// <summary>Puts an object with text in UTF-8.</summary>
    public StoredObject Put(string key, string content) => Put(key, ObjectContent.Of(content));

    /// <summary>Puts an object with properties of its own; generation and time are set where they are not.</summary>
    public StoredObject Put(StoredObject stored)
    {
        var placed = stored with
        {
            Generation = stored.Generation == 0 ? _nextGeneration() : stored.Generation,
            LastModified = stored.LastModified == default ? WholeSeconds(_time.GetUtcNow()) : stored.LastModified,
        };
        ImmutableInterlocked.Update(ref _objects, (objects, added) => objects.SetItem(added.Key, added), placed);
        return placed;
    }

    /// <summary>Puts many objects at once.</summary>
    public void PutAll(IEnumerable<KeyValuePair<string, ObjectContent>> objects)
    {
        var builder = Objects.ToBuilder();
        foreach (var (key, content) in objects)
        {
            builder[key] = new StoredObject
            {
                Key = key,
                Content = content,
                Generation = _nextGeneration(),
                LastModified = WholeSeconds(_time.GetUtcNow()),
            };
        }

        Volatile.Write(ref _objects, builder.ToImmutable());
    }

    /// <summary>Takes an object away.</summary>
    public void Delete(string key) => ImmutableInterlocked.Update(ref _objects, (objects, removed) => objects.Remove(removed), key);

    /// <summary>The object of that key; null where there is none.</summary>
    public StoredObject? Find(string key) => Objects.GetValueOrDefault(key);

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
