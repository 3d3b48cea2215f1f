using Kiban.EndToEnd.Cluster;
using Kiban.EndToEnd.Credentials;

namespace Kiban.EndToEnd.Installation;

[Collection(InstallationCollection.Name)]
public sealed class OutageTests(EndToEndCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_Kiban_plain_Pods_start_and_those_that_ask_for_credentials_are_refused_where_the_server_can_tell()
    {
        var team = await cluster.CreateNamespaceAsync("outage");
        var strict = await cluster.CreateNamespaceAsync("strict");
        await cluster.Kubectl.RunAsync(["label", "namespace", strict.Name, "credentials.kiban.dev/required=true"], cancellationToken: Cancel);
        foreach (var each in (TestNamespace[])[team, strict])
            await each.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser), Cancel);
        var asks = AwsPods.Once("asks", "true", cluster, """{"credentials.kiban.dev/aws": "store"}""");
        await cluster.Kubectl.RunAsync(["-n", "kiban-system", "scale", "deployment/kiban-manager", "--replicas=0"], cancellationToken: Cancel);
        try
        {
            await cluster.Kubectl.WaitAsync(
                "the end of every replica of the manager",
                ["-n", "kiban-system", "get", "pods", "-o", "name"],
                pods => pods.Length == 0,
                TimeSpan.FromMinutes(2),
                Cancel);

            await team.ApplyAsync(AwsPods.Once("plain", "true", cluster), Cancel);
            (await team.WaitForEndAsync("plain", Cancel)).ShouldBe("Succeeded");

            // In a namespace that requires credentials every server can tell; elsewhere those that know matchConditions.
            (await strict.ApplyRefusedAsync(asks, Cancel)).ShouldContain("kiban");
            if (await cluster.HasMatchConditionsAsync(Cancel))
                (await team.ApplyRefusedAsync(asks, Cancel)).ShouldContain("kiban");
        }
        finally
        {
            await cluster.DeployAsync(CancellationToken.None);
        }

        await strict.ApplyAsync(asks, Cancel);
    }
}
