namespace Kiban.ObjectStore.Testing.Faults;

/// <summary>The faults of a server. May be changed while it serves.</summary>
public sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<Planned> _faults = [];
    private Random _random = new(1);
    private int _injected;

    /// <summary>Requests that at least one fault acted on.</summary>
    public int Injected => Volatile.Read(ref _injected);

    /// <summary>What probabilities follow from. The order in which requests arrive still decides which of them are hit.</summary>
    public void Seed(int seed)
    {
        lock (_lock)
            _random = new Random(seed);
    }

    /// <summary>Adds a fault.</summary>
    public void Add(Fault fault)
    {
        lock (_lock)
            _faults.Add(new Planned(fault));
    }

    /// <summary>Adds a fault of one object's reads.</summary>
    public void Add(string key, FaultAction action, int from = 1, int times = int.MaxValue) =>
        Add(new Fault(action) { Key = key, From = from, Times = times });

    /// <summary>From now on all goes well.</summary>
    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }

    /// <summary>What goes wrong with this request. Counts it.</summary>
    internal IReadOnlyList<FaultAction> Take(StoreOperation operation, string bucket, string key)
    {
        lock (_lock)
        {
            if (_faults.Count == 0)
                return [];
            var actions = new List<FaultAction>();
            foreach (var planned in _faults)
            {
                var fault = planned.Fault;
                if ((fault.Operations & operation) == 0 || (fault.Bucket ?? bucket) != bucket || (fault.Key ?? key) != key)
                    continue;
                planned.Seen++;
                if (planned.Seen >= fault.From && (long)planned.Seen < (long)fault.From + fault.Times
                    && (fault.Probability >= 1 || _random.NextDouble() < fault.Probability))
                {
                    actions.Add(fault.Action);
                }
            }

            if (actions.Count > 0)
                _injected++;
            return actions;
        }
    }

    private sealed class Planned(Fault fault)
    {
        public Fault Fault => fault;

        public int Seen { get; set; }
    }
}
