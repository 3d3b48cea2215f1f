using System.Net;
using System.Text.Json.Nodes;
using Kiban.LocalCluster.Doctor;
using Kiban.Processes;

namespace Kiban.LocalCluster.Nodes.Networking;

/// <summary>Which networks the machine knows.</summary>
public static class HostNetworks
{
    /// <summary>Every IPv4 network and address in any routing table, except what leads to <paramref name="exceptInterface"/>.</summary>
    public static async Task<IReadOnlyList<IPNetwork>> ReadAsync(string exceptInterface, CancellationToken cancellationToken) =>
        Parse((await Command.RunAsync(RequiredProgram.Locate("ip"), ["-4", "-json", "route", "show", "table", "all"], cancellationToken)).RequireOutput(), exceptInterface);

    /// <summary>Reads the JSON of <c>ip -json route</c>.</summary>
    public static IReadOnlyList<IPNetwork> Parse(string json, string exceptInterface) =>
        [.. (JsonNode.Parse(json) as JsonArray ?? [])
            .Where(route => (string?)route!["dev"] != exceptInterface)
            .Select(route => (string?)route!["dst"])
            .Select(destination => destination is null || destination == "default" ? null : ParseNetwork(destination))
            .OfType<IPNetwork>()];

    private static IPNetwork? ParseNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, 32)
        : null;
}
