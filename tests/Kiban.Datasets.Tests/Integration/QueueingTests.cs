using System.Text.Json.Nodes;

namespace Kiban.Datasets.Tests.Integration;

/// <summary>Workloads with the label of a queue, at a real API server (which needs no Kueue for that).</summary>
[Collection(nameof(WaitingFixture))]
public sealed class QueueingTests(WaitingFixture cluster)
{
    private const string Annotation = "kueue.x-k8s.io/admission-gated-by";

    [Fact]
    public async Task Job_is_kept_out_of_its_queue_until_its_data_is_there_and_nobody_elses_name_is_touched()
    {
        var space = await Waiters.NewAsync(cluster);
        await space.CreateClaimAsync("data");
        await space.ApplyAsync(Workload("batch/v1", "Job", annotations: $"{Annotation}: example.com/budget"));
        GatedBy(await GetAsync(space, "job")).ShouldBe("example.com/budget,kiban.dev/data");

        await space.LoadAsync("data");

        await Claims.UntilAsync(async () => GatedBy(await GetAsync(space, "job")) == "example.com/budget", "the Job let into its queue");
    }

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    public async Task Workload_made_before_its_claim_is_let_in_when_the_claim_asks_for_nothing(string kind)
    {
        var space = await Waiters.NewAsync(cluster);
        await space.ApplyAsync(Workload("apps/v1", kind));
        GatedBy(await GetAsync(space, kind)).ShouldBe("kiban.dev/data");

        await space.CreateClaimAsync("data", "");

        await Claims.UntilAsync(async () => GatedBy(await GetAsync(space, kind)) is null, $"the {kind} let into its queue");
    }

    [Fact]
    public async Task Workload_without_a_queue_or_without_data_to_wait_for_is_stored_as_written()
    {
        var space = await Waiters.NewAsync(cluster);
        await space.CreateClaimAsync("plain", "");
        await space.CreateClaimAsync("start", Waiters.Asks + ", dataset.kiban.dev/wait: start");
        await space.CreateClaimAsync("data");

        foreach (var (claim, queue) in (IEnumerable<(string, string)>)[("plain", "gpu"), ("start", "gpu"), ("data", "")])
        {
            await space.ApplyAsync(Workload("batch/v1", "Job", claim, queue));
            GatedBy(await GetAsync(space, "job")).ShouldBeNull(claim);
            await cluster.KubectlAsync("delete", "job", "train", "-n", space.Namespace);
        }
    }

    [Fact]
    public async Task Plain_Pod_is_kept_out_of_its_queue_and_let_go_by_one_write()
    {
        Assert.SkipUnless(cluster.HasGates, "This server keeps no scheduling gates.");
        var space = await Waiters.NewAsync(cluster);
        await space.CreateClaimAsync("data");
        await space.ApplyAsync(Waiters.Pod("train").Replace("name: train}", "name: train, labels: {kueue.x-k8s.io/queue-name: gpu}}", StringComparison.Ordinal));
        GatedBy(await space.PodAsync("train")).ShouldBe("kiban.dev/data");

        await space.LoadAsync("data");

        await space.PodAsync("train", pod => !Waiters.IsGated(pod) && GatedBy(pod) is null, "let go");
    }

    private static string? GatedBy(JsonNode workload) => (string?)workload["metadata"]!["annotations"]?[Annotation];

    private async Task<JsonNode> GetAsync(Waiters space, string kind) =>
        JsonNode.Parse(await cluster.KubectlAsync("get", kind, "train", "-n", space.Namespace, "-o", "json"))!;

    private static string Workload(string apiVersion, string kind, string claim = "data", string queue = "gpu", string annotations = "")
    {
        return $$"""
            apiVersion: {{apiVersion}}
            kind: {{kind}}
            metadata:
              name: train
              labels: { {{(queue.Length == 0 ? "" : $"kueue.x-k8s.io/queue-name: {queue}")}} }
              annotations: { {{annotations}} }
            spec:
              {{(kind == "Job" ? "parallelism: 0" : "replicas: 0")}}
              {{(kind == "Job" ? "" : "selector: {matchLabels: {app: train}}")}}
              {{(kind == "StatefulSet" ? "serviceName: train" : "")}}
              template:
                metadata: {labels: {app: train} }
                spec:
                  restartPolicy: {{(kind == "Job" ? "Never" : "Always")}}
                  containers: [{name: train, image: train}]
                  volumes: [{name: data, persistentVolumeClaim: {claimName: {{claim}} } }]
            """;
    }
}
