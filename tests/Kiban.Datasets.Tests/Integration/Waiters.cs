using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;
using Kiban.LocalCluster.Processes;
using Kiban.Testing;

namespace Kiban.Datasets.Tests.Integration;

/// <summary>A namespace with claims and Pods that wait for them, and the part of the load controller that tests play in it.</summary>
internal sealed class Waiters(ControlPlaneFixture cluster, string space)
{
    public const string Asks = "dataset.kiban.dev/source: s3://bucket/prefix/";

    private readonly Claims _claims = new(cluster, space);

    public string Namespace => space;

    public static async Task<Waiters> NewAsync(ControlPlaneFixture cluster) => new(cluster, await cluster.CreateNamespaceAsync());

    public static string Pod(string name, string volumes = "{name: data, persistentVolumeClaim: {claimName: data}}", string spec = "") => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}}
        spec: { {{spec}} containers: [{name: train, image: train}], volumes: [{{volumes}}] }
        """;

    public Task ApplyAsync(string manifest) => cluster.ApplyAsync(manifest, space);

    public Task<CommandResult> TryAsync(string verb, string manifest) => cluster.RunKubectlAsync([verb, "-n", space, "-f", "-"], manifest);

    public Task CreateClaimAsync(string name, string annotations = Asks) => _claims.CreateAsync(name, annotations);

    public Task AnnotateClaimAsync(string name, string annotation) => _claims.AnnotateAsync(name, annotation);

    /// <summary>Gives the claim a volume, and records that what it asks for is in it.</summary>
    public async Task LoadAsync(string name)
    {
        await BindAsync(name);
        await RecordAsync(name);
    }

    public async Task BindAsync(string name)
    {
        await cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: {{space}}-{{name}}}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadWriteOnce]
              hostPath: {path: /tmp}
              claimRef: {namespace: {{space}}, name: {{name}}}
            """);
        await Claims.UntilAsync(async () => (string?)(await GetAsync($"persistentvolumeclaims/{name}"))["status"]?["phase"] == "Bound", $"{name} to be bound");
    }

    public async Task RecordAsync(string name)
    {
        var claim = await GetAsync($"persistentvolumeclaims/{name}");
        var annotations = ((JsonObject)claim["metadata"]!["annotations"]!).Select(pair => KeyValuePair.Create(pair.Key, (string)pair.Value!));
        var key = LoadKey.Of((string)claim["metadata"]!["uid"]!, DatasetRequest.Read(annotations, out _).ShouldNotBeNull());
        await AnnotateClaimAsync(name, $"{DatasetsApi.Records.Loaded}={key}");
    }

    public async Task FailAsync(string name, string reason, string message)
    {
        var condition = reason.Length == 0 ? null : new JsonObject { ["type"] = DatasetsApi.Condition, ["status"] = "False", ["reason"] = reason, ["message"] = message };
        var body = new JsonObject { ["status"] = new JsonObject { ["conditions"] = condition is null ? new JsonArray() : new JsonArray(condition) } };
        await cluster.Client.SendAsync(
            HttpMethod.Patch, $"/api/v1/namespaces/{space}/persistentvolumeclaims/{name}/status", body, "application/merge-patch+json", CancellationToken.None);
    }

    public Task<JsonNode> PodAsync(string name) => GetAsync($"pods/{name}");

    public static bool IsGated(JsonNode pod) => (pod["spec"]!["schedulingGates"] as JsonArray ?? []).Any(gate => (string?)gate!["name"] == "kiban.dev/data");

    public static bool HasContainer(JsonNode pod) =>
        (pod["spec"]!["initContainers"] as JsonArray ?? []).Any(container => (string?)container!["name"] == "kiban-wait-for-data");

    public static string? Role(JsonNode pod) => (string?)pod["metadata"]!["labels"]?[DatasetsApi.RoleLabel];

    public static string? LoadedClaims(JsonNode pod) => (string?)pod["metadata"]!["annotations"]?[DatasetsApi.Records.LoadedClaims];

    public static JsonNode? Condition(JsonNode pod) =>
        (pod["status"]?["conditions"] as JsonArray ?? []).FirstOrDefault(condition => (string?)condition!["type"] == DatasetsApi.Condition);

    /// <summary>The Pod as soon as it is as expected.</summary>
    public async Task<JsonNode> PodAsync(string name, Predicate<JsonNode> isExpected, string what)
    {
        var pod = await PodAsync(name);
        await Claims.UntilAsync(async () => isExpected(pod = await PodAsync(name)), $"Pod {name}: {what}");
        return pod;
    }

    public async Task<IReadOnlyList<string>> EventsAsync(string kind, string name) =>
    [
        .. ((JsonArray)(await GetAsync("events"))["items"]!)
            .Where(item => (string?)item!["involvedObject"]!["kind"] == kind && (string?)item["involvedObject"]!["name"] == name)
            .Select(item => $"{item!["reason"]}: {item["message"]}"),
    ];

    private async Task<JsonNode> GetAsync(string resource) =>
        (await cluster.Client.SendAsync(HttpMethod.Get, $"/api/v1/namespaces/{space}/{resource}", null, "application/json", CancellationToken.None))!;
}
