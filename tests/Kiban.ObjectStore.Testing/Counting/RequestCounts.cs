using System.Collections.Concurrent;
using Kiban.ObjectStore.Testing.Faults;

namespace Kiban.ObjectStore.Testing.Counting;

/// <summary>What a server was asked and what it sent.</summary>
public sealed class RequestCounts
{
    private readonly ConcurrentDictionary<(string Bucket, string Key), Counter> _objects = [];
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private long _total;
    private long _lists;
    private long _tokens;
    private long _bytesSent;
    private long _connections;
    private int _current;
    private int _most;

    /// <summary>Whether requests are kept for <see cref="Requests"/>; off, they are only counted.</summary>
    public bool KeepsRequests { get; set; } = true;

    /// <summary>Requests of every sort.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Requests for a page of a listing.</summary>
    public long Lists => Volatile.Read(ref _lists);

    /// <summary>Requests for a token.</summary>
    public long Tokens => Volatile.Read(ref _tokens);

    /// <summary>Bytes of objects that went out.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Connections that were opened.</summary>
    public long Connections => Volatile.Read(ref _connections);

    /// <summary>Most requests that were being answered at one time.</summary>
    public int MostAtOnce => Volatile.Read(ref _most);

    /// <summary>All requests in the order of their arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>Counts of one object.</summary>
    public ObjectCounts Of(string bucket, string key) => _objects.TryGetValue((bucket, key), out var counter) ? counter.Counts : default;

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        _objects.Clear();
        _requests.Clear();
        _total = _lists = _tokens = _bytesSent = _connections = 0;
        _most = 0;
    }

    internal void Connected() => Interlocked.Increment(ref _connections);

    internal void Arrived(StoreOperation operation, string bucket, string key, Func<RecordedRequest> record)
    {
        Interlocked.Increment(ref _total);
        var current = Interlocked.Increment(ref _current);
        for (var most = _most; current > most && Interlocked.CompareExchange(ref _most, current, most) != most; most = _most)
        {
        }

        if (KeepsRequests)
            _requests.Enqueue(record());
        switch (operation)
        {
            case StoreOperation.List:
                Interlocked.Increment(ref _lists);
                break;
            case StoreOperation.Token:
                Interlocked.Increment(ref _tokens);
                break;
            case StoreOperation.Read:
                Interlocked.Increment(ref CounterOf(bucket, key).Reads);
                break;
            case StoreOperation.Head:
                Interlocked.Increment(ref CounterOf(bucket, key).Heads);
                break;
        }
    }

    internal void Answered() => Interlocked.Decrement(ref _current);

    internal void Sent(string bucket, string key, int bytes)
    {
        Interlocked.Add(ref _bytesSent, bytes);
        Interlocked.Add(ref CounterOf(bucket, key).BytesSent, bytes);
    }

    private Counter CounterOf(string bucket, string key) => _objects.GetOrAdd((bucket, key), _ => new Counter());

    private sealed class Counter
    {
        public long Reads;
        public long Heads;
        public long BytesSent;

        public ObjectCounts Counts => new(Volatile.Read(ref Reads), Volatile.Read(ref Heads), Volatile.Read(ref BytesSent));
    }
}
