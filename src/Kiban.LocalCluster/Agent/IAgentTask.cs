using Kiban.Kubernetes.Client;

namespace Kiban.LocalCluster.Agent;

/// <summary>Something that has to go on while the cluster is up and that no packaged daemon does.</summary>
public interface IAgentTask
{
    /// <summary>Name, for the log.</summary>
    string Name { get; }

    /// <summary>
    /// Does the work until it is cancelled, and calls <paramref name="ready"/> once others can rely on it. A task that throws is
    /// logged and run again after a while.
    /// </summary>
    Task RunAsync(IKubernetesClient client, Action ready, CancellationToken cancellationToken);
}
