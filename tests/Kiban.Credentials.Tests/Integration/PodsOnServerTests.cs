using System.Text.Json.Nodes;

namespace Kiban.Credentials.Tests.Integration;

/// <summary>Pods at a real API server, made by hand and by controllers.</summary>
public sealed class PodsOnServerTests(CredentialsFixture cluster)
{
    private const string AsksForMinio = "credentials.kiban.dev/aws: minio";
    private const string AwsMount = "/var/run/secrets/kiban.dev/aws";

    [Fact]
    public async Task Pod_with_the_annotation_is_injected()
    {
        var space = await cluster.CreateNamespaceAsync();

        await cluster.ApplyAsync($"{Manifests.Minio}---\n{Manifests.Pod(AsksForMinio)}", space);

        var container = (await cluster.GetAsync("pod/train", space))["spec"]!["containers"]![0];
        Manifests.Mounts(container).ShouldContain(AwsMount);
        Manifests.Env(container).ShouldBe(
            ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"]);
    }

    [Fact]
    public async Task ServiceAccount_Secret_and_Pod_of_one_apply_find_each_other()
    {
        var space = await cluster.CreateNamespaceAsync();

        // Several times, because a cache that is a moment late would lose only some of the races.
        for (var i = 0; i < 5; i++)
        {
            await cluster.ApplyAsync($$"""
                {{Manifests.Minio.Replace("name: minio", $"name: minio-{i}", StringComparison.Ordinal)}}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: trainer-{{i}}
                  annotations: {credentials.kiban.dev/aws: "minio-{{i}}"}
                ---
                {{Manifests.Pod(name: $"name: train-{i}", spec: $"serviceAccountName: trainer-{i}")}}
                """, space);
            Manifests.Mounts((await cluster.GetAsync($"pod/train-{i}", space))["spec"]!["containers"]![0]).ShouldContain(AwsMount);
        }
    }

    [Fact]
    public async Task Pod_with_a_missing_Secret_is_refused_with_the_line_that_creates_it()
    {
        var space = await cluster.CreateNamespaceAsync();

        var result = await cluster.RunKubectlAsync(["create", "-n", space, "-f", "-"], Manifests.Pod(AsksForMinio, "generateName: train-"));

        result.Succeeded.ShouldBeFalse();
        result.Error.ShouldContain($"Pod \"{space}/train-*\": annotation credentials.kiban.dev/aws names Secret \"minio\", which namespace \"{space}\" does not have");
        result.Error.ShouldContain($"kubectl -n {space} create secret generic minio --type=kiban.dev/aws-credentials");
    }

    [Fact]
    public async Task Pod_that_names_an_untyped_Secret_is_refused_with_both_types()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.KubectlAsync("create", "secret", "generic", "minio", "-n", space, "--from-literal=aws_access_key_id=x");

        var result = await cluster.RunKubectlAsync(["create", "-n", space, "-f", "-"], Manifests.Pod(AsksForMinio));

        result.Error.ShouldContain("is of type \"Opaque\" and not \"kiban.dev/aws-credentials\"");
    }

    [Fact]
    public async Task Pod_whose_Secret_was_deleted_and_made_anew_without_type_is_refused()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Manifests.Minio, space);
        await cluster.KubectlAsync("delete", "secret", "minio", "-n", space);
        await cluster.KubectlAsync("create", "secret", "generic", "minio", "-n", space, "--from-literal=x=y");

        await Wait.UntilAsync(async () =>
            (await cluster.RunKubectlAsync(["create", "--dry-run=server", "-n", space, "-f", "-"], Manifests.Pod(AsksForMinio)))
            .Error.Contains("is of type \"Opaque\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dry_run_shows_the_injected_Pod_and_stores_nothing()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Manifests.Minio, space);

        var result = await cluster.RunKubectlAsync(
            ["create", "--dry-run=server", "-o", "json", "-n", space, "-f", "-"], Manifests.Pod(AsksForMinio));

        Manifests.Mounts(JsonNode.Parse(result.Output)!["spec"]!["containers"]![0]).ShouldContain(AwsMount);
        (await cluster.RunKubectlAsync(["get", "pod", "train", "-n", space])).Succeeded.ShouldBeFalse();
    }

    [Fact]
    public async Task Conflict_is_told_to_the_author_as_a_warning()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Manifests.Minio, space);

        var result = await cluster.RunKubectlAsync(["create", "-n", space, "-f", "-"], Manifests.Pod(AsksForMinio).Replace(
            "image: train", "image: train, env: [{name: AWS_REGION, value: osaka-1}]", StringComparison.Ordinal));

        result.Error.ShouldContain("Warning: container \"train\" sets AWS_REGION itself, which stays (AWS_DEFAULT_REGION is left out with it).");
    }

    [Theory]
    [InlineData("apps/v1", "Deployment", "selector: {matchLabels: {app: train}}")]
    [InlineData("apps/v1", "StatefulSet", "serviceName: train, selector: {matchLabels: {app: train}}")]
    [InlineData("apps/v1", "DaemonSet", "selector: {matchLabels: {app: train}}")]
    [InlineData("apps/v1", "ReplicaSet", "selector: {matchLabels: {app: train}}")]
    [InlineData("v1", "ReplicationController", "selector: {app: train}")]
    [InlineData("batch/v1", "Job", "")]
    public async Task Pods_of_every_workload_are_injected(string apiVersion, string kind, string more)
    {
        var space = await cluster.CreateNamespaceAsync();
        var template = "{metadata: {labels: {app: train}, annotations: {credentials.kiban.dev/aws: minio}}, "
            + $"spec: {{restartPolicy: {(kind == "Job" ? "Never" : "Always")}, containers: [{{name: train, image: train}}]}}}}";

        // A DaemonSet makes Pods where there is a node, running or not.
        await cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Node
            metadata: {name: node}
            ---
            {{Manifests.Minio}}
            ---
            apiVersion: {{apiVersion}}
            kind: {{kind}}
            metadata: {name: train}
            spec: { {{(more.Length == 0 ? "" : more + ", ")}}template: {{template}} }
            """, space);

        await Wait.UntilAsync(async () => Pods(await cluster.GetAsync("pods", space)).Any());
        foreach (var pod in Pods(await cluster.GetAsync("pods", space)))
            Manifests.Mounts(pod["spec"]!["containers"]![0]).ShouldContain(AwsMount);
    }

    [Fact]
    public async Task Pod_that_asks_for_nothing_is_stored_as_written()
    {
        var space = await cluster.CreateNamespaceAsync();

        await cluster.ApplyAsync(Manifests.Pod(), space);

        var spec = (await cluster.GetAsync("pod/train", space))["spec"]!;
        spec["containers"]![0]!["env"].ShouldBeNull();
        spec.ToJsonString().ShouldNotContain("kiban");
    }

    private static IEnumerable<JsonNode> Pods(JsonObject list) => ((JsonArray)list["items"]!).Select(item => item!);
}
