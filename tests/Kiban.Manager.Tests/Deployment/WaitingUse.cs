using System.Text.Json.Nodes;
using Kiban.Testing;

namespace Kiban.Manager.Tests.Deployment;

/// <summary>Has a manager do everything that it ever does for Pods and workloads that wait for data.</summary>
internal static class WaitingUse
{
    private static readonly (string Group, string Version, string Kind)[] InstalledKinds =
    [
        ("kubeflow.org", "v1", "PyTorchJob"), ("kubeflow.org", "v1", "TFJob"), ("jobset.x-k8s.io", "v1alpha2", "JobSet"),
        ("leaderworkerset.x-k8s.io", "v1", "LeaderWorkerSet"), ("ray.io", "v1", "RayJob"), ("ray.io", "v1", "RayCluster"),
    ];

    private static IEnumerable<string> InstalledNames => InstalledKinds.Select(kind => $"{Plural(kind.Kind)}.{kind.Group}");

    /// <summary>Installs the kinds of workloads; before a manager starts, which looks for them once a minute.</summary>
    public static async Task InstallAsync(ControlPlaneFixture cluster)
    {
        await cluster.ApplyAsync(string.Join("---\n", InstalledKinds.Select(kind => Definition(kind.Group, kind.Version, kind.Kind))));
        await cluster.KubectlAsync(["wait", "--for=condition=Established", "crd", .. InstalledNames, "--timeout=60s"]);
    }

    public static Task RemoveAsync(ControlPlaneFixture cluster) => cluster.KubectlAsync(["delete", "--ignore-not-found", "crd", .. InstalledNames]);

    public static async Task RunAsync(ControlPlaneFixture cluster)
    {
        var space = await cluster.CreateNamespaceAsync("waiting");
        await cluster.ApplyAsync(
            """
            apiVersion: v1
            kind: Pod
            metadata: { name: early }
            spec:
              containers: [{ name: main, image: example.com/main }]
              volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
            """,
            space);
        (string ApiVersion, string Kind)[] kinds =
            [("apps/v1", "Deployment"), ("apps/v1", "StatefulSet"), ("batch/v1", "Job"), .. InstalledKinds.Select(kind => ($"{kind.Group}/{kind.Version}", kind.Kind))];
        foreach (var (apiVersion, kind) in kinds)
        {
            await cluster.ApplyAsync(Workload(apiVersion, kind), space);
            (await GatedByAsync(cluster, space, kind)).ShouldBe("kiban.dev/data", kind);
        }

        // A claim that cannot be filled is told on the Pod; once it asks for nothing, everybody may go on.
        await cluster.ApplyAsync(Claim("Block"), space);
        await cluster.KubectlAsync("label", "pvc", "data", "-n", space, "kiban.dev/webhooks-");
        await Eventually.BecomesTrueAsync("the failure is told on the Pod", async () =>
            await cluster.KubectlAsync("get", "pod", "early", "-n", space, "-o", """jsonpath={.status.conditions[?(@.type=="kiban.dev/DataLoaded")].reason}""") == "UnsupportedClaim");
        await cluster.KubectlAsync("annotate", "pvc", "data", "-n", space, "dataset.kiban.dev/source-");
        await Eventually.BecomesTrueAsync("the Pod is let go", async () =>
            await cluster.KubectlAsync("get", "pod", "early", "-n", space, "-o", """jsonpath={.metadata.labels.dataset\.kiban\.dev/role}""") == "");
        foreach (var (_, kind) in kinds)
            await Eventually.BecomesTrueAsync($"the {kind} is let into its queue", async () => await GatedByAsync(cluster, space, kind) == "");
        await cluster.KubectlAsync("delete", "namespace", space, "--wait=false");
    }

    private static Task<string> GatedByAsync(ControlPlaneFixture cluster, string space, string kind) =>
        cluster.KubectlAsync("get", kind, "train", "-n", space, "-o", """jsonpath={.metadata.annotations.kueue\.x-k8s\.io/admission-gated-by}""");

    private static string Plural(string kind) => $"{kind.ToLowerInvariant()}s";

    // As if it had been stored while nobody checked.
    private static string Claim(string mode) =>
        $$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: data, labels: { kiban.dev/webhooks: disabled }, annotations: { dataset.kiban.dev/source: "s3://bucket/prefix/" } }
        spec: { storageClassName: "", volumeMode: {{mode}}, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
        """;

    private static string Workload(string apiVersion, string kind)
    {
        var isJob = kind == "Job";
        var template = new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "train" } },
            ["spec"] = JsonNode.Parse(
                $$"""
                {
                  "restartPolicy": "{{(isJob ? "Never" : "Always")}}", "containers": [{ "name": "train", "image": "example.com/train" }],
                  "volumes": [{ "name": "data", "persistentVolumeClaim": { "claimName": "data" } }]
                }
                """),
        };
        var spec = new JsonObject { ["template"] = template };
        if (isJob)
            spec["parallelism"] = 0;
        if (apiVersion == "apps/v1")
        {
            spec["replicas"] = 0;
            spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "train" } };
        }
        if (kind == "StatefulSet")
            spec["serviceName"] = "train";
        return new JsonObject
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = "train", ["labels"] = new JsonObject { ["kueue.x-k8s.io/queue-name"] = "gpu" } },
            ["spec"] = spec,
        }.ToJsonString();
    }

    private static string Definition(string group, string version, string kind) =>
        $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: {{Plural(kind)}}.{{group}}, annotations: { api-approved.kubernetes.io: unapproved } }
        spec:
          group: {{group}}
          scope: Namespaced
          names: { kind: {{kind}}, plural: {{Plural(kind)}}, singular: {{kind.ToLowerInvariant()}} }
          versions:
            - name: {{version}}
              served: true
              storage: true
              schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }

        """;
}
