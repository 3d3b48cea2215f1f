namespace Kiban.LocalCluster.Nodes.Configuration;

/// <summary>
/// The Pod network inside the node's network namespace: a bridge (<see href="https://www.cni.dev/plugins/current/main/bridge/"/>), or a wire
/// for each Pod (<see href="https://www.cni.dev/plugins/current/main/ptp/"/>).
/// </summary>
public static class CniConfiguration
{
    /// <summary>Name of the file in <see cref="ContainerdConfiguration.CniFolderName"/>.</summary>
    public const string FileName = "10-kiban.conflist";

    private const string Bridge = "\"type\": \"bridge\", \"bridge\": \"cni0\", \"isGateway\": true, \"hairpinMode\": true";

    private const string Wire = "\"type\": \"ptp\"";

    private const string BridgeFilterSetting = "/proc/sys/net/bridge/bridge-nf-call-iptables";

    /// <summary>
    /// Whether the kernel shows bridged packets to iptables. Without that (module br_netfilter) a Pod that reaches its neighbour by a
    /// Service gets the answer from an address it did not ask. Loading the module would change the bridges of the whole machine, so
    /// Pods are then joined by routed wires instead of a bridge.
    /// </summary>
    public static bool BridgesAreFiltered => File.Exists(BridgeFilterSetting);

    /// <summary>
    /// Renders the file. Nothing is masqueraded here, so that Pods and the machine see each other's real addresses; traffic that leaves
    /// the machine is masqueraded by a rule of the node (<see cref="Sandboxing.SandboxScript"/>).
    /// Version 0.4.0 is what both old and current plugins speak.
    /// </summary>
    /// <param name="layout">The node.</param>
    /// <param name="bridgesAreFiltered"><see cref="BridgesAreFiltered"/></param>
    public static string Render(NodeLayout layout, bool bridgesAreFiltered) => $$"""
        {
          "cniVersion": "0.4.0",
          "name": "kiban",
          "plugins": [
            {
              {{(bridgesAreFiltered ? Bridge : Wire)}},
              "ipMasq": false,
              "ipam": {
                "type": "host-local",
                "ranges": [[{ "subnet": "{{layout.Network.Pods}}" }]],
                "routes": [{ "dst": "0.0.0.0/0" }]
              }
            },
            { "type": "portmap", "capabilities": { "portMappings": true } }
          ]
        }

        """;
}
