using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Kiban.LocalCluster.Pki;

namespace Kiban.LocalCluster.ControlPlanes;

/// <summary>
/// Operations on etcd itself, over its JSON gateway (<see href="https://etcd.io/docs/v3.4/dev-guide/api_grpc_gateway/"/>): what
/// happens in production after five minutes, done at once.
/// </summary>
public sealed class EtcdMaintenance : IDisposable
{
    private readonly HttpClient _client;

    /// <summary>Creates a client of the etcd of a control plane.</summary>
    internal EtcdMaintenance(ControlPlaneLayout layout)
    {
        _client = ControlPlaneProbe.CreateClient(layout.Pki.EtcdAuthority, layout.Files.EtcdClient);
        _client.BaseAddress = new UriBuilder(Uri.UriSchemeHttps, "127.0.0.1", layout.Ports.EtcdClient).Uri;
    }

    /// <summary>
    /// Forgets all history before the present: every watch that resumes from an older resource version, and every list continued
    /// from one, is answered 410 Gone.
    /// </summary>
    /// <returns>The revision compacted to, which is the newest resource version.</returns>
    public async Task<long> CompactAsync(CancellationToken cancellationToken)
    {
        // A read of one key that does not exist: its header tells the revision. Keys are base64.
        var range = await PostAsync("/v3/kv/range", new JsonObject { ["key"] = "AA==", ["limit"] = 1 }, cancellationToken);
        var revision = long.Parse((string)range["header"]!["revision"]!, System.Globalization.CultureInfo.InvariantCulture);
        await PostAsync("/v3/kv/compaction", new JsonObject { ["revision"] = revision, ["physical"] = true }, cancellationToken);
        return revision;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<JsonNode> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsJsonAsync(path, body, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new LocalClusterException($"etcd answered {(int)response.StatusCode} to {path}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        return (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
    }
}
