using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Loading;

/// <summary>
/// Who may load now: at most so many in the cluster and in a namespace, the oldest claim first. The Jobs that run are the truth; in memory are only
/// those on their way into the cache, and the line.
/// </summary>
/// <param name="inCluster">Loads at once in the cluster.</param>
/// <param name="inNamespace">Loads at once in one namespace.</param>
/// <param name="running">The claims whose Jobs run, from the cache.</param>
internal sealed class LoadSlots(int inCluster, int inNamespace, Func<IReadOnlyCollection<NamespacedName>> running)
{
    private readonly Lock _lock = new();
    private readonly HashSet<NamespacedName> _starting = [];
    private readonly SortedDictionary<(DateTime Created, string Name), NamespacedName> _line = [];
    private readonly Dictionary<NamespacedName, DateTime> _createdOf = [];

    /// <summary>Takes a place when one is free and no older claim waits for it; otherwise the claim waits in line.</summary>
    /// <param name="claim">Whose load.</param>
    /// <param name="created">When the claim was made.</param>
    public bool TryTake(NamespacedName claim, DateTime created)
    {
        lock (_lock)
        {
            if (_starting.Contains(claim))
                return true;
            if (_createdOf.TryAdd(claim, created))
                _line.Add((created, claim.ToString()), claim);
            if (!FirstInLine().Contains(claim))
                return false;
            Leave(claim);
            _starting.Add(claim);
            return true;
        }
    }

    /// <summary>The cache has the Job: from now on that tells.</summary>
    public void Started(NamespacedName claim)
    {
        lock (_lock)
        {
            Leave(claim);
            _starting.Remove(claim);
        }
    }

    /// <summary>The claim needs no place (any more).</summary>
    /// <returns>Who may go now.</returns>
    public IReadOnlyList<NamespacedName> Release(NamespacedName claim)
    {
        lock (_lock)
        {
            Leave(claim);
            _starting.Remove(claim);
            return _line.Count == 0 ? [] : FirstInLine();
        }
    }

    // Those for whom there is room, in their order. A namespace that is full does not hold up the others.
    private List<NamespacedName> FirstInLine()
    {
        HashSet<NamespacedName> holders = [.. running(), .. _starting];
        var perNamespace = holders.CountBy(holder => holder.Namespace ?? "").ToDictionary();
        List<NamespacedName> first = [];
        foreach (var claim in _line.Values)
        {
            if (holders.Count + first.Count >= inCluster)
                break;
            var space = claim.Namespace ?? "";
            var used = perNamespace.GetValueOrDefault(space);
            if (used >= inNamespace)
                continue;
            perNamespace[space] = used + 1;
            first.Add(claim);
        }
        return first;
    }

    private void Leave(NamespacedName claim)
    {
        if (_createdOf.Remove(claim, out var created))
            _line.Remove((created, claim.ToString()));
    }
}
