namespace Kiban.LocalCluster.Processes;

/// <summary>
/// A process that a cluster started, as the process table shows it. What is known of it stands in its own environment, where no
/// crash can separate it from the process: <c>KIBAN_CLUSTER</c> (the cluster's directory), <c>KIBAN_COMPONENT</c>,
/// <c>KIBAN_CONFIG</c> (hash of what it was started with) and <c>KIBAN_PID</c>.
/// </summary>
/// <param name="Identity">Which process.</param>
/// <param name="Component">Name of the daemon that it is, or that it descends from.</param>
/// <param name="ConfigHash">Hash of the <see cref="DaemonSpec"/> it was started with.</param>
/// <param name="IsDaemon">True for the daemon itself, false for a descendant that inherited its environment (a containerd shim).</param>
public sealed record ClusterProcess(ProcessIdentity Identity, string Component, string ConfigHash, bool IsDaemon)
{
    internal const string ClusterVariable = "KIBAN_CLUSTER";
    internal const string ComponentVariable = "KIBAN_COMPONENT";
    internal const string ConfigVariable = "KIBAN_CONFIG";
    internal const string ProcessIdVariable = "KIBAN_PID";
}
