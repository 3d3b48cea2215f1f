using Kiban.EndToEnd.Cluster;

namespace Kiban.EndToEnd.Credentials;

public sealed class AwsBucketTests(EndToEndCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pod_with_the_annotation_lists_a_private_bucket_and_the_same_Pod_without_it_cannot()
    {
        var team = await cluster.CreateNamespaceAsync("bucket");
        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser), Cancel);
        var list = AwsPods.ListBucket(EndToEndCluster.FirstBucket);

        await team.ApplyAsync(AwsPods.Once("with", list, cluster, """{"credentials.kiban.dev/aws": "store"}"""), Cancel);
        await team.ApplyAsync(AwsPods.Once("without", list, cluster), Cancel);

        var ends = await Task.WhenAll(team.WaitForEndAsync("with", Cancel), team.WaitForEndAsync("without", Cancel));
        ends[0].ShouldBe("Succeeded", await team.LogsAsync("with", Cancel));
        (await team.LogsAsync("with", Cancel)).ShouldContain("weights.bin");
        ends[1].ShouldBe("Failed");
        (await team.LogsAsync("without", Cancel)).ShouldContain("Unable to locate credentials");
    }

    [Fact]
    public async Task Pods_of_an_annotated_ServiceAccount_list_the_bucket_unless_they_opt_out()
    {
        var team = await cluster.CreateNamespaceAsync("account");
        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser), Cancel);
        await team.ApplyAsync(
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: trainer
              annotations: { credentials.kiban.dev/aws: store }
            """,
            Cancel);
        var list = AwsPods.ListBucket(EndToEndCluster.FirstBucket);

        await team.ApplyAsync(AwsPods.Once("inherits", list, cluster, serviceAccount: "trainer"), Cancel);
        await team.ApplyAsync(AwsPods.Once("declines", list, cluster, """{"credentials.kiban.dev/aws": "none"}""", "trainer"), Cancel);

        var ends = await Task.WhenAll(team.WaitForEndAsync("inherits", Cancel), team.WaitForEndAsync("declines", Cancel));
        ends[0].ShouldBe("Succeeded", await team.LogsAsync("inherits", Cancel));
        (await team.LogsAsync("inherits", Cancel)).ShouldContain("weights.bin");
        ends[1].ShouldBe("Failed");
        (await team.LogsAsync("declines", Cancel)).ShouldContain("Unable to locate credentials");
    }

    [Fact]
    public async Task Key_that_the_store_does_not_know_opens_nothing()
    {
        var team = await cluster.CreateNamespaceAsync("wrong");
        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser with { Key = "wrong" }), Cancel);

        await team.ApplyAsync(
            AwsPods.Once("main", AwsPods.ListBucket(EndToEndCluster.FirstBucket), cluster, """{"credentials.kiban.dev/aws": "store"}"""), Cancel);

        (await team.WaitForEndAsync("main", Cancel)).ShouldBe("Failed");
        (await team.LogsAsync("main", Cancel)).ShouldContain("SignatureDoesNotMatch");
    }

    [Fact]
    public async Task Changed_Secret_reaches_a_running_Pod_without_a_restart()
    {
        var team = await cluster.CreateNamespaceAsync("rotation");
        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser), Cancel);
        var untilRenewed = $"""until busybox grep -q "{EndToEndCluster.SecondUser.AccessKeyId}" "$AWS_SHARED_CREDENTIALS_FILE"; do busybox sleep 1; done""";
        var script = $"""
            {AwsPods.ListBucket(EndToEndCluster.FirstBucket)} && echo first key works; {untilRenewed}; {AwsPods.ListBucket(EndToEndCluster.SecondBucket)}
            """;
        await team.ApplyAsync(AwsPods.Once("main", script.Trim(), cluster, """{"credentials.kiban.dev/aws": "store"}"""), Cancel);
        await team.WaitForLogAsync("main", "first key works", Cancel);

        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.SecondUser), Cancel);

        (await team.WaitForEndAsync("main", Cancel)).ShouldBe("Succeeded", await team.LogsAsync("main", Cancel));
        (await team.LogsAsync("main", Cancel)).ShouldContain("renewed.bin");
        var pod = await team.GetAsync("pod", "main", Cancel);
        pod["status"]!["containerStatuses"]![0]!["restartCount"]!.GetValue<int>().ShouldBe(0);
    }
}
