namespace Kiban.Kubernetes.Observability;

/// <summary>A queue at one moment.</summary>
/// <param name="Depth">Keys that wait (delayed ones not counted).</param>
/// <param name="UnfinishedWork">Sum of the times that the keys under way have been so.</param>
/// <param name="LongestRunning">The longest of these times.</param>
public readonly record struct WorkqueueState(int Depth, TimeSpan UnfinishedWork, TimeSpan LongestRunning);
