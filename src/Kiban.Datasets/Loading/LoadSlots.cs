using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Loading;

/// <summary>
/// Who may load now: at most so many in the cluster and in a namespace, the oldest claim first. Kept in memory by the replica that leads; after
/// a restart the Jobs that run tell who holds a place.
/// </summary>
internal sealed class LoadSlots(int inCluster, int inNamespace)
{
    private readonly Lock _lock = new();
    private readonly HashSet<NamespacedName> _holders = [];
    private readonly Dictionary<string, int> _holdersOf = [];
    private readonly SortedSet<(DateTime Created, string Key, NamespacedName Claim)> _waiting = [];
    private readonly Dictionary<NamespacedName, DateTime> _waitingSince = [];

    /// <summary>How many hold a place.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _holders.Count;
        }
    }

    /// <summary>Takes a place for a load that runs already, whatever the limits: it was let in before.</summary>
    public void Hold(NamespacedName claim)
    {
        lock (_lock)
        {
            StopWaiting(claim);
            Add(claim);
        }
    }

    /// <summary>Takes a place when one is free and no older claim waits for it; otherwise the claim waits.</summary>
    /// <param name="claim">Whose load.</param>
    /// <param name="created">When the claim was made.</param>
    public bool TryTake(NamespacedName claim, DateTime created)
    {
        lock (_lock)
        {
            if (_holders.Contains(claim))
                return true;
            if (!_waitingSince.ContainsKey(claim))
            {
                _waitingSince[claim] = created;
                _waiting.Add((created, claim.ToString(), claim));
            }
            if (!Next().Contains(claim))
                return false;
            StopWaiting(claim);
            Add(claim);
            return true;
        }
    }

    /// <summary>Gives the place back, or stops waiting.</summary>
    /// <returns>The claims that may go now.</returns>
    public IReadOnlyList<NamespacedName> Release(NamespacedName claim)
    {
        lock (_lock)
        {
            StopWaiting(claim);
            if (!_holders.Remove(claim))
                return [];
            var space = claim.Namespace ?? "";
            if (--_holdersOf[space] == 0)
                _holdersOf.Remove(space);
            return Next();
        }
    }

    // Those for whom there is room, in their order; a namespace that is full does not hold up the others.
    private List<NamespacedName> Next()
    {
        List<NamespacedName> next = [];
        var free = inCluster - _holders.Count;
        var taken = new Dictionary<string, int>();
        foreach (var (_, _, claim) in _waiting)
        {
            if (next.Count >= free)
                break;
            var space = claim.Namespace ?? "";
            var used = _holdersOf.GetValueOrDefault(space) + taken.GetValueOrDefault(space);
            if (used >= inNamespace)
                continue;
            taken[space] = taken.GetValueOrDefault(space) + 1;
            next.Add(claim);
        }
        return next;
    }

    private void Add(NamespacedName claim)
    {
        if (!_holders.Add(claim))
            return;
        var space = claim.Namespace ?? "";
        _holdersOf[space] = _holdersOf.GetValueOrDefault(space) + 1;
    }

    private void StopWaiting(NamespacedName claim)
    {
        if (_waitingSince.Remove(claim, out var created))
            _waiting.Remove((created, claim.ToString(), claim));
    }
}
