using System.Net;
using System.Text.Json.Serialization;

namespace Kiban.LocalCluster.Nodes.Networking;

/// <summary>
/// The addresses of one cluster: a /16 of the private range 10.0.0.0/8, cut as the properties say. Everything follows from the one
/// number that was chosen, so two clusters differ in all addresses or in none.
/// </summary>
/// <param name="Block">Second octet of the block: 137 stands for 10.137.0.0/16.</param>
public sealed record NodeNetwork(byte Block)
{
    /// <summary>All of it.</summary>
    [JsonIgnore]
    public IPNetwork All => Part(0, 16);

    /// <summary>Addresses of Pods. One /24, which is what the controller manager gives to a node: so the node always gets this one.</summary>
    [JsonIgnore]
    public IPNetwork Pods => Part(0, 24);

    /// <summary>Addresses of Services.</summary>
    [JsonIgnore]
    public IPNetwork Services => Part(128, 18);

    /// <summary>The wire between the machine and the node.</summary>
    [JsonIgnore]
    public IPNetwork Link => Part(192, 30);

    /// <summary>The machine's end of the wire: what Pods reach the API server and the DNS server at, and anything else that listens there.</summary>
    [JsonIgnore]
    public IPAddress HostAddress => Address(192, 1);

    /// <summary>The node's end of the wire, its InternalIP.</summary>
    [JsonIgnore]
    public IPAddress NodeAddress => Address(192, 2);

    /// <summary>Network between the node and slirp4netns, by which Pods reach what is outside the machine.</summary>
    [JsonIgnore]
    public IPNetwork Egress => Part(193, 24);

    /// <summary>Address of the DNS Service, the tenth of the Services.</summary>
    [JsonIgnore]
    public IPAddress DnsAddress => Address(128, 10);

    private IPNetwork Part(byte third, int prefix) => new(Address(third, 0), prefix);

    private IPAddress Address(byte third, byte fourth) => new([10, Block, third, fourth]);
}
