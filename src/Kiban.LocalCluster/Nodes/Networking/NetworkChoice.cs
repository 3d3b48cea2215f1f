using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Kiban.LocalCluster.Nodes.Networking;

/// <summary>Chooses the addresses of a cluster so that they overlap with nothing.</summary>
public static class NetworkChoice
{
    // 10.0 to 10.99 are what clusters, VPNs and cloud networks mostly use; somebody might join one later.
    private const int First = 100;
    private const int Count = 150;

    /// <summary>
    /// The first free block, beginning at one that follows from the cluster's directory: a cluster that is made anew gets the same
    /// addresses where it can, and different clusters begin at different places.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="occupied">Networks that are routed on the machine or promised to another cluster.</param>
    /// <exception cref="LocalClusterException">No block is free.</exception>
    public static NodeNetwork Choose(ClusterDirectory cluster, IReadOnlyCollection<IPNetwork> occupied)
    {
        var start = BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(cluster.Path))) % Count;
        for (var offset = 0; offset < Count; offset++)
        {
            var network = new NodeNetwork((byte)(First + ((start + offset) % Count)));
            if (!occupied.Any(other => Overlaps(network.All, other)))
            {
                return network;
            }
        }

        throw new LocalClusterException($"None of the networks 10.{First}.0.0/16 to 10.{First + Count - 1}.0.0/16 is free; take down a cluster or remove a route ('ip route').");
    }

    /// <summary>True when the two have an address in common. The default route (prefix 0) says nothing about who has an address, so it overlaps with nothing.</summary>
    public static bool Overlaps(IPNetwork one, IPNetwork other) =>
        one.PrefixLength > 0 && other.PrefixLength > 0 && (one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress));
}
