using System.Text.Json.Nodes;
using Kiban.Testing;

namespace Kiban.Manager.Tests.Deployment;

/// <summary>
/// Has a manager do everything that it ever does for data sets. There is no node and no snapshotter here, so what these would write is written
/// by hand.
/// </summary>
internal static class DatasetUse
{
    private const string Driver = "driver.example.com";

    private const string Loaded = """{"state":"Loaded","reason":"Loaded","message":"ok","digest":"sha256:DIGEST","bytes":1,"files":1,"fetchedBytes":1,"seconds":1}""";

    private const string NotFound = """{"state":"Failed","reason":"SourceNotFound","message":"there is no such bucket"}""";

    private static string SnapshotKinds => Path.Combine(Repository.Root, "src", "Kiban.LocalCluster", "Snapshots", "CustomResources");

    private static string Classes =>
        $$"""
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: { name: example }
        provisioner: {{Driver}}
        ---
        apiVersion: snapshot.storage.k8s.io/v1
        kind: VolumeSnapshotClass
        metadata: { name: example }
        driver: {{Driver}}
        deletionPolicy: Delete
        """;

    /// <summary>Installs the kinds of snapshots, and classes; before a manager starts, which looks for them once a minute.</summary>
    public static async Task InstallAsync(ControlPlaneFixture cluster)
    {
        await cluster.KubectlAsync("apply", "--validate=false", "-f", SnapshotKinds);
        await cluster.KubectlAsync("wait", "--for=condition=Established", "-f", SnapshotKinds, "--timeout=60s");
        await cluster.ApplyAsync(Classes);
    }

    public static async Task RemoveAsync(ControlPlaneFixture cluster)
    {
        await cluster.KubectlAsync("delete", "--ignore-not-found", "-f", SnapshotKinds);
        await cluster.KubectlAsync("delete", "--ignore-not-found", "storageclass", "example");
        await cluster.KubectlAsync("delete", "--ignore-not-found", "persistentvolume", "-l", "dataset-use=true");
    }

    /// <param name="cluster">The API server.</param>
    /// <param name="hasDone">Whether the manager has used a verb on a resource.</param>
    public static async Task RunAsync(ControlPlaneFixture cluster, Func<string, string, bool> hasDone)
    {
        var space = await cluster.CreateNamespaceAsync("data");

        // A load that fails for good, twice in the same words, with a look at its progress before.
        await CreateClaimAsync(cluster, space, "first");
        await SetPodAsync(cluster, space, await PodAsync(cluster, space), new JsonObject { ["phase"] = "Running" }, bindTo: "no-such-node");
        await Eventually.BecomesTrueAsync("its log was asked for", () => Task.FromResult(hasDone("get", "pods/log")));
        await EndAsync(cluster, space, 3, NotFound);
        await ConditionAsync(cluster, space, "first", "SourceNotFound");
        await cluster.KubectlAsync("delete", "jobs", "--all", "-n", space);
        await ConditionAsync(cluster, space, "first", "Starting");
        await EndAsync(cluster, space, 3, NotFound);
        await ConditionAsync(cluster, space, "first", "SourceNotFound");
        await Eventually.BecomesTrueAsync("the event is told as one of a series", () => Task.FromResult(hasDone("patch", "events")));

        // Two loads with different content leave a snapshot each, of which one is too many.
        await AnnotateAsync(cluster, space, "first", "reload=2");
        await FinishAsync(cluster, space, "first", "a");
        await CreateClaimAsync(cluster, space, "second", "s3://bucket/other/");
        await FinishAsync(cluster, space, "second", "b");
        await Eventually.BecomesTrueAsync("one snapshot is left", async () => (await NamesAsync(cluster, space, "volumesnapshots")).Count == 1);

        // A namespace that lets no Pod in.
        var full = await cluster.CreateNamespaceAsync("full");
        await cluster.KubectlAsync("create", "quota", "none", "-n", full, "--hard=pods=0");
        await Eventually.BecomesTrueAsync("the quota is in force", async () => (await cluster.KubectlAsync("get", "quota", "none", "-n", full, "-o", "jsonpath={.status.hard.pods}")) == "0");
        await CreateClaimAsync(cluster, full, "refused");
        await ConditionAsync(cluster, full, "refused", "QuotaExceeded");
        await cluster.KubectlAsync("delete", "namespace", space, full, "--wait=false");
    }

    private static async Task CreateClaimAsync(ControlPlaneFixture cluster, string space, string name, string source = "s3://bucket/prefix/") => await cluster.ApplyAsync(
        $$"""
        apiVersion: v1
        kind: PersistentVolume
        metadata: { name: {{space}}-{{name}}, labels: { dataset-use: "true" } }
        spec:
          storageClassName: example
          capacity: { storage: 1Gi }
          accessModes: [ReadWriteOnce]
          hostPath: { path: /nowhere }
          claimRef: { namespace: {{space}}, name: {{name}} }
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: {{name}}, annotations: { dataset.kiban.dev/source: "{{source}}" } }
        spec: { storageClassName: example, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
        """,
        space);

    private static async Task FinishAsync(ControlPlaneFixture cluster, string space, string claim, string digest)
    {
        await Eventually.BecomesTrueAsync($"{claim} is bound", async () =>
            await cluster.KubectlAsync("get", "pvc", claim, "-n", space, "-o", "jsonpath={.status.phase}") == "Bound");
        var before = await NamesAsync(cluster, space, "volumesnapshots");
        await EndAsync(cluster, space, 0, Loaded.Replace("DIGEST", digest, StringComparison.Ordinal));
        await Eventually.BecomesTrueAsync("a snapshot is wanted", async () => (await NamesAsync(cluster, space, "volumesnapshots")).Except(before).Any());
        var snapshot = (await NamesAsync(cluster, space, "volumesnapshots")).Except(before).Single();
        await cluster.Client.SendAsync(
            HttpMethod.Patch, $"/apis/snapshot.storage.k8s.io/v1/namespaces/{space}/volumesnapshots/{snapshot}/status",
            JsonNode.Parse("""{"status":{"readyToUse":true,"creationTime":"2026-11-24T00:00:00Z","restoreSize":"1Gi"}}"""), "application/merge-patch+json", CancellationToken.None);
        await ConditionAsync(cluster, space, claim, "Loaded");
    }

    private static async Task EndAsync(ControlPlaneFixture cluster, string space, int exitCode, string report)
    {
        var ended = new JsonObject { ["exitCode"] = exitCode, ["message"] = report };
        var container = new JsonObject
        {
            ["name"] = "load", ["image"] = "x", ["imageID"] = "", ["ready"] = false, ["restartCount"] = 0, ["state"] = new JsonObject { ["terminated"] = ended },
        };
        var status = new JsonObject { ["phase"] = exitCode == 0 ? "Succeeded" : "Failed", ["containerStatuses"] = new JsonArray(container) };
        await SetPodAsync(cluster, space, await PodAsync(cluster, space), status);
    }

    private static async Task SetPodAsync(ControlPlaneFixture cluster, string space, string pod, JsonObject status, string? bindTo = null)
    {
        if (bindTo is not null)
        {
            var binding = new JsonObject
            {
                ["apiVersion"] = "v1", ["kind"] = "Binding", ["metadata"] = new JsonObject { ["name"] = pod },
                ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = bindTo },
            };
            await cluster.Client.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/{space}/pods/{pod}/binding", binding, "application/json", CancellationToken.None);
        }
        await cluster.Client.SendAsync(
            HttpMethod.Patch, $"/api/v1/namespaces/{space}/pods/{pod}/status", new JsonObject { ["status"] = status },
            "application/merge-patch+json", CancellationToken.None);
    }

    private static async Task<string> PodAsync(ControlPlaneFixture cluster, string space)
    {
        var name = "";
        await Eventually.BecomesTrueAsync("a loader's Pod is there", async () =>
        {
            name = await cluster.KubectlAsync(
                "get", "pods", "-n", space, "-l", "dataset.kiban.dev/role=loader", "--field-selector=status.phase!=Failed,status.phase!=Succeeded",
                "-o", "jsonpath={.items[*].metadata.name}");
            return name.Length > 0 && !name.Contains(' ');
        });
        return name;
    }

    private static Task ConditionAsync(ControlPlaneFixture cluster, string space, string claim, string reason) =>
        Eventually.BecomesTrueAsync($"{claim} is {reason}", async () => await cluster.KubectlAsync(
            "get", "pvc", claim, "-n", space, "-o", """jsonpath={.status.conditions[?(@.type=="kiban.dev/DataLoaded")].reason}""") == reason);

    private static Task<string> AnnotateAsync(ControlPlaneFixture cluster, string space, string claim, string annotation) =>
        cluster.KubectlAsync("annotate", "pvc", claim, "-n", space, "--overwrite", $"dataset.kiban.dev/{annotation}");

    private static async Task<IReadOnlyList<string>> NamesAsync(ControlPlaneFixture cluster, string space, string kind) =>
        (await cluster.KubectlAsync("get", kind, "-n", space, "-o", "jsonpath={.items[*].metadata.name}")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
