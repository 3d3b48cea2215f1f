namespace Kiban.LocalCluster.Nodes.Configuration;

/// <summary>The node's <c>/etc/resolv.conf</c>, also that of Pods with <c>dnsPolicy: Default</c>.</summary>
public static class ResolverConfiguration
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "resolv.conf";

    /// <summary>
    /// Points at the cluster's DNS server, which asks the machine's own resolvers: those may listen on the machine's loopback only, where
    /// the node cannot reach them.
    /// </summary>
    public static string Render(NodeLayout layout) => $"nameserver {layout.Network.DnsAddress}\n";
}
