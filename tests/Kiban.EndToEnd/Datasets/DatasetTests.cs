using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kiban.EndToEnd.Cluster;

namespace Kiban.EndToEnd.Datasets;

public sealed class DatasetTests(EndToEndCluster cluster)
{
    private const string Reason = """jsonpath={.status.conditions[?(@.type=="kiban.dev/DataLoaded")].reason}""";

    // Names of Pods that run and are no consumers ("sum" waits in an init container or behind its gate until the data is there), and "<claim>=True".
    private const string RunningLoadersAndLoadedClaims =
        """go-template={{range .items}}{{if eq .kind "Pod"}}{{if eq .status.phase "Running"}}{{if ne .metadata.name "sum"}}{{.metadata.name}} {{end}}{{end}}{{else}}{{$name := .metadata.name}}{{range .status.conditions}}{{if eq .type "kiban.dev/DataLoaded"}}{{if eq .status "True"}}{{$name}}=True {{end}}{{end}}{{end}}{{end}}{{end}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pod_waits_while_the_credential_is_wrong_and_runs_when_the_data_of_the_private_bucket_is_there()
    {
        var team = await cluster.CreateNamespaceAsync("dataset");
        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser with { Key = "wrong" }), Cancel);
        await team.ApplyAsync(DatasetManifests.Claim("models", $"s3://{EndToEndCluster.FirstBucket}/", "store"), Cancel);
        await team.ApplyAsync(DatasetManifests.Pod("train", "models", "/bin/busybox cat /data/weights.bin"), Cancel);

        await WaitForReasonAsync(team, "models", "AccessDenied");
        (await team.RunAsync(["get", "pod", "train", "-o", "jsonpath={.status.phase}"], Cancel)).ShouldBe("Pending");

        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser), Cancel);
        await team.RunAsync(["wait", "--for=condition=kiban.dev/DataLoaded", "pvc/models", "--timeout=180s"], Cancel);
        (await team.WaitForEndAsync("train", Cancel)).ShouldBe("Succeeded", await team.RunAsync(["describe", "pod", "train"], Cancel));
        (await team.LogsAsync("train", Cancel)).ShouldContain("weights");
    }

    [Fact]
    public async Task Second_claim_is_filled_from_a_snapshot_of_the_first_and_takes_no_byte_from_the_bucket()
    {
        var team = await cluster.CreateNamespaceAsync("cache");
        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser), Cancel);
        await team.ApplyAsync(DatasetManifests.Claim("first", $"s3://{EndToEndCluster.FirstBucket}/", "store"), Cancel);
        // What a Pod writes after the load is not part of what later claims are given.
        await team.ApplyAsync(DatasetManifests.Pod("writer", "first", "/bin/busybox cat /data/weights.bin"), Cancel);
        (await team.WaitForEndAsync("writer", Cancel)).ShouldBe("Succeeded");
        await team.WaitAsync(
            "a snapshot that is ready", ["get", "volumesnapshots", "-o", "jsonpath={.items[*].status.readyToUse}"], ready => ready == "true", Cancel);

        await team.ApplyAsync(DatasetManifests.Claim("second", $"s3://{EndToEndCluster.FirstBucket}/", "store"), Cancel);
        await team.ApplyAsync(DatasetManifests.Pod("reader", "second", "/bin/busybox cat /data/weights.bin"), Cancel);
        await WaitForReasonAsync(team, "second", "CloneFromCache");
        (await team.WaitForEndAsync("reader", Cancel)).ShouldBe("Succeeded");
        (await team.LogsAsync("reader", Cancel)).ShouldContain("weights");
        var loader = (await team.RunAsync(["get", "pods", "-l", "dataset.kiban.dev/role=loader", "-o", "json"], Cancel));
        var report = JsonNode.Parse((string)JsonNode.Parse(loader)!["items"]!.AsArray()
            .Single(pod => (string?)pod!["spec"]!["volumes"]![0]!["persistentVolumeClaim"]!["claimName"] == "second")!
            ["status"]!["containerStatuses"]![0]!["state"]!["terminated"]!["message"]!)!;
        ((long)report["fetchedBytes"]!).ShouldBe(0);
    }

    [Fact]
    public async Task Loader_that_is_killed_goes_on_where_it_was_and_the_content_is_that_of_the_bucket()
    {
        const int Size = 192 * 1024 * 1024;
        var content = new byte[Size];
        new Random(1).NextBytes(content);
        await cluster.PutAsync(EndToEndCluster.FirstUser, "large", "large.bin", content, Cancel);
        var team = await cluster.CreateNamespaceAsync("killed");
        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser), Cancel);
        await team.ApplyAsync(DatasetManifests.Claim("large", "s3://large/", "store"), Cancel);
        await team.ApplyAsync(DatasetManifests.Pod("sum", "large", "/bin/busybox sha256sum /data/large.bin"), Cancel);

        // Twice, unless the load is quicker than the second kill.
        var kills = 0;
        while (kills < 2)
        {
            var running = await team.WaitAsync(
                "a loader that runs, or the end of the load", ["get", "pods,pvc", "-o", RunningLoadersAndLoadedClaims], names => names.Length > 0, Cancel);
            if (running.Contains("large=True", StringComparison.Ordinal))
                break;
            foreach (var pod in running.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                await team.RunAsync(["delete", "pod", pod, "--grace-period=0", "--force", "--ignore-not-found"], Cancel);
            kills++;
        }
        kills.ShouldBePositive();
        (await team.WaitForEndAsync("sum", Cancel)).ShouldBe("Succeeded", await team.RunAsync(["describe", "pvc", "large"], Cancel));
        (await team.LogsAsync("sum", Cancel)).ShouldContain(Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private static Task<string> WaitForReasonAsync(TestNamespace team, string claim, string reason) =>
        team.WaitAsync($"reason {reason} of {claim}", ["get", "pvc", claim, "-o", Reason], found => found == reason, Cancel);
}
