namespace Kiban.Bench;

/// <summary>How long and how much to measure.</summary>
/// <param name="Rounds">Interleaved rounds that are counted, after the warm-up round.</param>
/// <param name="PodsPerRound">Pods created in each round of each variant.</param>
/// <param name="Objects">Pods, and Secrets, in the cluster while memory is measured.</param>
/// <param name="Events">Events in the stream that the cache is measured with.</param>
internal sealed record BenchmarkOptions(int Rounds, int PodsPerRound, int Objects, int Events)
{
    /// <summary>Of the programs that are compared, only those whose name begins so; null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Large enough for a stable p99 on two cores.</summary>
    public static BenchmarkOptions Default { get; } = new(Rounds: 6, PodsPerRound: 400, Objects: 10_000, Events: 50_000);

    /// <summary>Only shows that the benchmarks work; its numbers mean nothing.</summary>
    public static BenchmarkOptions Quick { get; } = new(Rounds: 1, PodsPerRound: 40, Objects: 200, Events: 1_000);
}
