using System.Text.Json.Nodes;
using Kiban.Credentials.Tests.Integration;
using Kiban.Testing;

[assembly: AssemblyFixture(typeof(CredentialsFixture))]

namespace Kiban.Credentials.Tests.Integration;

/// <summary>A control plane whose Pods and Secrets go through the webhooks of this part.</summary>
public sealed class CredentialsFixture : ControlPlaneFixture
{
    private AdmissionServer? _server;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _server = await CredentialsServer.StartAsync(this);
        await WebhooksAnswerAsync(this);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Waits until the API server calls the webhooks: it learns of a registration by a watch of its own.</summary>
    internal static async Task WebhooksAnswerAsync(ControlPlaneFixture cluster)
    {
        const string Probe = """
            apiVersion: v1
            kind: Secret
            metadata: {name: probe, namespace: default}
            type: kiban.dev/aws-credentials
            """;
        await Wait.UntilAsync(async () => !(await cluster.RunKubectlAsync(["create", "--dry-run=server", "-f", "-"], Probe)).Succeeded);
    }

    /// <summary>An object as it is stored.</summary>
    public async Task<JsonObject> GetAsync(string resource, string space) =>
        (JsonObject)JsonNode.Parse(await KubectlAsync("get", resource, "-n", space, "-o", "json"))!;
}
