namespace Kiban.LocalCluster.Binaries;

/// <summary>How far a route has come.</summary>
/// <param name="Route">Name of the route.</param>
/// <param name="Phase">What it does now: <c>download kubelet</c>, <c>compile</c>.</param>
/// <param name="Done">How much of it is done, in <paramref name="Unit"/>; null where that is unknown.</param>
/// <param name="Total">How much there is, where that is known.</param>
/// <param name="Unit">What is counted: <c>bytes</c>, <c>packages</c>.</param>
public sealed record BinaryProgress(string Route, string Phase, long? Done = null, long? Total = null, string? Unit = null)
{
    /// <summary>True for news that stay of interest, such as a route's refusal; the others are overtaken by the next.</summary>
    public bool IsLasting { get; init; }
}
