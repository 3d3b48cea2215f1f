using System.Text.Json.Nodes;
using Kiban.Testing;

namespace Kiban.Datasets.Tests.Integration;

/// <summary>A namespace with claims, and the part of the kubelet that tests play in it.</summary>
internal sealed class Claims(ControlPlaneFixture cluster, string space)
{
    public string Namespace => space;

    public static async Task<Claims> NewAsync(ControlPlaneFixture cluster) => new(cluster, await cluster.CreateNamespaceAsync());

    /// <summary>Creates a claim without class, which the tests bind themselves where they need it.</summary>
    public Task CreateAsync(string name, string annotations, string spec = "accessModes: [ReadWriteOnce], storageClassName: \"\", resources: {requests: {storage: 1Gi}}") =>
        cluster.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: {{name}}
              annotations: {{{annotations}}}
            spec: {{{spec}}}
            """,
            space);

    public Task AnnotateAsync(string name, string annotation) => cluster.KubectlAsync("annotate", "pvc", name, "-n", space, "--overwrite", annotation);

    public async Task<JsonNode> ClaimAsync(string name) => await GetAsync($"pvc/{name}");

    public async Task<JsonNode?> ConditionAsync(string name) =>
        ((await ClaimAsync(name))["status"]?["conditions"] as JsonArray ?? []).FirstOrDefault(condition => (string?)condition!["type"] == "kiban.dev/DataLoaded");

    public Task<JsonNode> ConditionAsync(string name, string reason) => WaitForAsync(
        async () => await ConditionAsync(name) is { } condition && (string?)condition["reason"] == reason ? condition : null,
        async () => $"condition of {name} with reason {reason}; it is {await ConditionAsync(name)}");

    public async Task<IReadOnlyList<JsonNode>> JobsAsync() => [.. ((JsonArray)(await GetAsync("jobs"))["items"]!).OfType<JsonNode>()];

    public Task<JsonNode> JobAsync() => WaitForAsync(async () => (await JobsAsync()).SingleOrDefault(), () => Task.FromResult("one Job"));

    public async Task<IReadOnlyList<JsonNode>> PodsAsync() => [.. ((JsonArray)(await GetAsync("pods"))["items"]!).OfType<JsonNode>()];

    /// <summary>The Pod of a Job that has not ended.</summary>
    public Task<JsonNode> PodAsync() => WaitForAsync(
        async () => (await PodsAsync()).SingleOrDefault(pod => (string?)pod["status"]?["phase"] is not ("Failed" or "Succeeded") && pod["metadata"]!["deletionTimestamp"] is null),
        () => Task.FromResult("one Pod that has not ended"));

    /// <summary>Ends the Pod's container, as the kubelet tells it.</summary>
    public async Task EndAsync(JsonNode pod, int exitCode, string report)
    {
        var status = new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["phase"] = exitCode == 0 ? "Succeeded" : "Failed",
                ["containerStatuses"] = new JsonArray(new JsonObject
                {
                    ["name"] = "load", ["image"] = "kiban-loader", ["imageID"] = "", ["ready"] = false, ["restartCount"] = 0,
                    ["state"] = new JsonObject
                    {
                        ["terminated"] = new JsonObject { ["exitCode"] = exitCode, ["message"] = report, ["reason"] = exitCode == 0 ? "Completed" : "Error" },
                    },
                }),
            },
        };
        await cluster.Client.SendAsync(
            HttpMethod.Patch, $"/api/v1/namespaces/{space}/pods/{pod["metadata"]!["name"]}/status", status, "application/merge-patch+json", CancellationToken.None);
    }

    public async Task<JsonNode> GetAsync(string resource) => JsonNode.Parse(await cluster.KubectlAsync("get", resource, "-n", space, "-o", "json"))!;

    public static async Task UntilAsync(Func<Task<bool>> condition, string what) =>
        await WaitForAsync(async () => await condition() ? what : null, () => Task.FromResult(what));

    private static async Task<T> WaitForAsync<T>(Func<Task<T?>> find, Func<Task<string>> what)
        where T : class
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await find() is { } found)
                return found;
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"Waited in vain for {await what()}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
