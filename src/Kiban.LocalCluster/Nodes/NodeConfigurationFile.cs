using System.Text.Json;
using Kiban.LocalCluster.Nodes.Networking;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Nodes;

/// <summary>What is chosen once for a node and must stay, since objects in etcd and certificates refer to it (<c>node/node.json</c>).</summary>
/// <param name="Network">Addresses.</param>
/// <param name="DnsPort">Port of the DNS server on the machine's end of the wire.</param>
public sealed record NodeConfigurationFile(NodeNetwork Network, int DnsPort)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads what was chosen, or null for a node that was never started.</summary>
    /// <exception cref="LocalClusterException">The file is damaged.</exception>
    public static NodeConfigurationFile? Load(ClusterDirectory cluster)
    {
        var path = PathOf(cluster);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<NodeConfigurationFile>(File.ReadAllText(path), Json) : null;
        }
        catch (JsonException e)
        {
            throw new LocalClusterException($"{path} is not what Kiban wrote ({e.Message}); remove the cluster with 'kiban local down'.", e);
        }
    }

    /// <summary>
    /// Reads what was chosen, or chooses so that it overlaps with nothing on the machine and with no cluster beside this one, also one
    /// that does not run at present.
    /// </summary>
    public static async Task<NodeConfigurationFile> LoadOrChooseAsync(ClusterDirectory cluster, CancellationToken cancellationToken)
    {
        var occupied = await HostNetworks.ReadAsync(NodeLayout.InterfaceNameOf(cluster), cancellationToken);
        if (Load(cluster) is { } chosen)
        {
            return occupied.FirstOrDefault(other => NetworkChoice.Overlaps(chosen.Network.All, other)) is { PrefixLength: > 0 } taken
                ? throw new LocalClusterException(
                    $"Network {chosen.Network.All} of cluster {cluster.Name} overlaps with {taken}, which was routed on this machine since; remove that route, or make the cluster anew with 'kiban local down' and 'up'.")
                : chosen;
        }

        var promised = Neighbours(cluster).Select(neighbour => neighbour.Network.All);
        var fresh = new NodeConfigurationFile(NetworkChoice.Choose(cluster, [.. occupied, .. promised]), FreePorts.Choose(1)[0]);
        AtomicFile.Write(PathOf(cluster), JsonSerializer.Serialize(fresh, Json) + "\n", AtomicFile.Public);
        return fresh;
    }

    private static string PathOf(ClusterDirectory cluster) => Path.Combine(cluster.NodePath, "node.json");

    private static IEnumerable<NodeConfigurationFile> Neighbours(ClusterDirectory cluster)
    {
        foreach (var path in Directory.EnumerateDirectories(Path.GetDirectoryName(cluster.Path)!).Where(path => path != cluster.Path))
        {
            NodeConfigurationFile? neighbour;
            try
            {
                neighbour = Load(new ClusterDirectory(path));
            }
            catch (Exception e) when (e is LocalClusterException or IOException)
            {
                // Being removed, or damaged: its owner will hear of it.
                continue;
            }

            if (neighbour is not null)
            {
                yield return neighbour;
            }
        }
    }
}
