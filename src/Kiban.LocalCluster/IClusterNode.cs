using Kiban.LocalCluster.Agent;
using Kiban.LocalCluster.Components;
using Kiban.LocalCluster.ControlPlanes;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster;

/// <summary>The node of a cluster: what has to be there around a control plane so that Pods run.</summary>
public interface IClusterNode
{
    /// <summary>
    /// What the control plane cannot start without, such as the network interface that bears
    /// <see cref="ControlPlaneOptions.Address"/>. Started before it, stopped after it.
    /// </summary>
    IReadOnlyList<IClusterComponent> Prerequisites { get; }

    /// <summary>What the cluster's agent does for the node; called inside the agent's process.</summary>
    IReadOnlyList<IAgentTask> AgentTasks(ILoggerFactory loggers);

    /// <summary>Gives the control plane what the node decides: its address, Pod and Service networks, more certificate names.</summary>
    ControlPlaneOptions Configure(ControlPlaneOptions options);

    /// <summary>
    /// Those of <see cref="Stages"/> that take long and need no API server at first: started beside the control plane, and waited for
    /// in their stage.
    /// </summary>
    IReadOnlyList<IClusterComponent> Early(ControlPlane controlPlane);

    /// <summary>
    /// The components of the node in the order of their start; those of one stage start side by side. The control plane is up when
    /// they are started; when they are stopped it may be down, or may never have been up.
    /// </summary>
    IReadOnlyList<IReadOnlyList<IClusterComponent>> Stages(ControlPlane controlPlane);
}
