using Kiban.LocalCluster.Components;

namespace Kiban.Cli.Local;

/// <summary>What <c>kiban local status --output json</c> prints.</summary>
/// <param name="Name">The cluster.</param>
/// <param name="IsReady">Every component runs and is ready.</param>
/// <param name="KubernetesVersion">Release of Kubernetes.</param>
/// <param name="Server">Address of the API server.</param>
/// <param name="Kubeconfig">Path of the administrator's kubeconfig.</param>
/// <param name="Components">Each component.</param>
internal sealed record ClusterStatusReport(
    string Name, bool IsReady, string KubernetesVersion, string Server, string Kubeconfig, IReadOnlyList<ComponentStatus> Components);
