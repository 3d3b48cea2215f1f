namespace Kiban.LocalCluster.Nodes.Configuration;

/// <summary>
/// The Pod network: a bridge inside the node's network namespace
/// (<see href="https://www.cni.dev/plugins/current/main/bridge/"/>).
/// </summary>
public static class CniConfiguration
{
    /// <summary>Name of the file in <see cref="ContainerdConfiguration.CniFolderName"/>.</summary>
    public const string FileName = "10-kiban.conflist";

    /// <summary>
    /// Renders the file. Nothing is masqueraded here, so that Pods and the machine see each other's real addresses; traffic that leaves
    /// the machine is masqueraded by a rule of the node (<see cref="Sandboxing.SandboxScript"/>).
    /// Version 0.4.0 is what both old and current plugins speak.
    /// </summary>
    public static string Render(NodeLayout layout) => $$"""
        {
          "cniVersion": "0.4.0",
          "name": "kiban",
          "plugins": [
            {
              "type": "bridge",
              "bridge": "cni0",
              "isGateway": true,
              "ipMasq": false,
              "hairpinMode": true,
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
