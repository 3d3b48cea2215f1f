using Kiban.LocalCluster.Binaries;

namespace Kiban.LocalCluster.Nodes;

/// <summary>The layout of a cluster's node, which is decided when the node is first started and read from then on.</summary>
public sealed class NodePlan
{
    private readonly KubernetesBinaries _binaries;
    private NodeLayout? _layout;

    /// <summary>Creates the plan of a cluster's node.</summary>
    public NodePlan(ClusterDirectory cluster, KubernetesBinaries binaries)
    {
        Cluster = cluster;
        _binaries = binaries;
    }

    /// <summary>The cluster.</summary>
    public ClusterDirectory Cluster { get; }

    /// <summary>The layout, or null as long as nothing was decided.</summary>
    public NodeLayout? Layout => _layout ??= NodeConfigurationFile.Load(Cluster) is { } chosen ? LayoutOf(chosen) : null;

    /// <summary>The layout.</summary>
    /// <exception cref="LocalClusterException">Nothing was decided yet.</exception>
    public NodeLayout Decided => Layout ?? throw new LocalClusterException($"Cluster {Cluster.Name} has no node yet; 'kiban local up' makes one.");

    /// <summary>Decides what is undecided.</summary>
    public async Task<NodeLayout> DecideAsync(CancellationToken cancellationToken) =>
        _layout = LayoutOf(await NodeConfigurationFile.LoadOrChooseAsync(Cluster, cancellationToken));

    private NodeLayout LayoutOf(NodeConfigurationFile chosen) => new()
    {
        Cluster = Cluster,
        Binaries = _binaries,
        Network = chosen.Network,
        DnsPort = chosen.DnsPort,
    };
}
