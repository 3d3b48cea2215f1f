using Kiban.LocalCluster.Binaries;

namespace Kiban.LocalCluster;

/// <summary>How a cluster that outlives the command is to be.</summary>
public sealed record ClusterOptions
{
    /// <summary>Where it lives.</summary>
    public required ClusterDirectory Directory { get; init; }

    /// <summary>The programs to run.</summary>
    public required KubernetesBinaries Binaries { get; init; }

    /// <summary>Run a node, so that Pods run; otherwise a control plane alone.</summary>
    public bool Node { get; init; }

    /// <summary>
    /// How the cluster's agent (<see cref="Agent.ClusterAgent"/>) is started: program and first arguments, to which the cluster's
    /// directory is appended.
    /// </summary>
    public IReadOnlyList<string> AgentCommand { get; init; } = [];

    /// <summary>Clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
