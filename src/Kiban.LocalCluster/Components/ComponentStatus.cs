namespace Kiban.LocalCluster.Components;

/// <summary>What is to be seen of a component.</summary>
/// <param name="Name">The component.</param>
/// <param name="IsRunning">It is there.</param>
/// <param name="IsReady">It serves.</param>
/// <param name="ProcessId">Its process, where it is one.</param>
public sealed record ComponentStatus(string Name, bool IsRunning, bool IsReady, int? ProcessId = null);
