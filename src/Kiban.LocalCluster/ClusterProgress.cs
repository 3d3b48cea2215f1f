namespace Kiban.LocalCluster;

/// <summary>A step of bringing a cluster up or down.</summary>
/// <param name="Component">The component it is about.</param>
/// <param name="Step">What happened.</param>
public sealed record ClusterProgress(string Component, ClusterStep Step);
