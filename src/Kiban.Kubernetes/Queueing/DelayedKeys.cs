using System.Diagnostics.CodeAnalysis;

namespace Kiban.Kubernetes.Queueing;

/// <summary>Keys that fall due at some time stamp; of several times for one key the earliest counts. Not thread-safe.</summary>
internal sealed class DelayedKeys<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, long> _due = [];

    // May hold outdated entries of a key that was moved to an earlier time; they are skipped when they come up.
    private readonly PriorityQueue<TKey, long> _order = new();

    public int Count => _due.Count;

    public void Schedule(TKey key, long due)
    {
        if (_due.TryGetValue(key, out var earlier) && earlier <= due)
            return;
        _due[key] = due;
        _order.Enqueue(key, due);
    }

    public bool TryPopDue(long now, [MaybeNullWhen(false)] out TKey key)
    {
        while (TryPeek(out key, out var due) && due <= now)
        {
            _order.Dequeue();
            _due.Remove(key);
            return true;
        }
        key = default;
        return false;
    }

    public bool TryGetNext(out long due) => TryPeek(out _, out due);

    public void Clear()
    {
        _due.Clear();
        _order.Clear();
    }

    private bool TryPeek([MaybeNullWhen(false)] out TKey key, out long due)
    {
        while (_order.TryPeek(out key, out due))
        {
            if (_due.TryGetValue(key, out var current) && current == due)
                return true;
            _order.Dequeue();
        }
        return false;
    }
}
