namespace Kiban.ObjectStore.Testing.Faults;

/// <summary>Which requests go wrong, and how. Several may fit one request; all of them then act on it.</summary>
/// <param name="Action">What goes wrong.</param>
public sealed record Fault(FaultAction Action)
{
    /// <summary>Which requests it looks at.</summary>
    public StoreOperation Operations { get; init; } = StoreOperation.Read;

    /// <summary>The bucket; null for any.</summary>
    public string? Bucket { get; init; }

    /// <summary>The object's whole key; null for any.</summary>
    public string? Key { get; init; }

    /// <summary>The number, from 1, of the first request that it acts on, among those it looks at.</summary>
    public int From { get; init; } = 1;

    /// <summary>How many requests it acts on, beginning with <see cref="From"/>.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>With which probability it acts on each of them; what happens then follows from the seed of the <see cref="FaultPlan"/>.</summary>
    public double Probability { get; init; } = 1;
}
