using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;

namespace Kiban.Bench;

/// <summary>Objects that the benchmarks put into their control planes.</summary>
internal static class BenchCluster
{
    private static readonly string[] ConfigurationKinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

    /// <summary>The namespace of the manager and the two empty configurations, as deploy/ has them.</summary>
    public static async Task CreateWebhookConfigurationsAsync(IKubernetesClient client, CancellationToken cancellationToken)
    {
        await CreateNamespaceAsync(client, "kiban-system", [], cancellationToken);
        foreach (var kind in ConfigurationKinds)
        {
            var manifest = new JsonObject
            {
                ["apiVersion"] = "admissionregistration.k8s.io/v1",
                ["kind"] = kind,
                ["metadata"] = new JsonObject { ["name"] = "kiban-manager" },
            };
            await client.SendAsync(HttpMethod.Post, ConfigurationsPath(kind), manifest, "application/json", cancellationToken);
        }
    }

    /// <summary>Waits until the manager has filled both of them.</summary>
    public static async Task WaitForRegistrationAsync(IKubernetesClient client, CancellationToken cancellationToken)
    {
        foreach (var kind in ConfigurationKinds)
        {
            while ((await client.SendAsync(HttpMethod.Get, $"{ConfigurationsPath(kind)}/kiban-manager", null, "application/json", cancellationToken))!["webhooks"] is not JsonArray { Count: > 0 })
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>A namespace in which Pods may be created although no controller manager runs.</summary>
    public static async Task CreateNamespaceAsync(IKubernetesClient client, string name, IEnumerable<KeyValuePair<string, string>> labels, CancellationToken cancellationToken)
    {
        var manifest = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            },
        };
        await client.SendAsync(HttpMethod.Post, "/api/v1/namespaces", manifest, "application/json", cancellationToken);
        await CreateAsync(client, name, "serviceaccounts", """{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default"}}""", cancellationToken);
    }

    /// <summary>Creates an object of the core group.</summary>
    public static async Task<JsonNode> CreateAsync(IKubernetesClient client, string @namespace, string plural, string manifest, CancellationToken cancellationToken) =>
        (await client.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/{@namespace}/{plural}", JsonNode.Parse(manifest), "application/json", cancellationToken))!;

    private static string ConfigurationsPath(string kind) => $"/apis/admissionregistration.k8s.io/v1/{kind.ToLowerInvariant()}s";
}
