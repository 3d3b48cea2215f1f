using Kiban.EndToEnd.Cluster;
using Kiban.EndToEnd.Credentials;

namespace Kiban.EndToEnd.Installation;

[Collection(InstallationCollection.Name)]
public sealed class LifeCycleTests(EndToEndCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upgrade_by_applying_again_loses_no_request_and_no_webhook()
    {
        var team = await cluster.CreateNamespaceAsync("upgrade");
        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser), Cancel);
        await cluster.Kubectl.RunAsync(
            ["label", "namespace", team.Name, "credentials.kiban.dev/required=true"], cancellationToken: Cancel);
        var webhooks = await WebhookNamesAsync();
        webhooks.ShouldNotBeEmpty();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var load = InjectUntilAsync(team, stop.Token);

        await cluster.Kubectl.RunAsync(["apply", "-k", EndToEndCluster.Overlay], cancellationToken: Cancel);
        await cluster.Kubectl.RunAsync(["-n", "kiban-system", "rollout", "restart", "deployment/kiban-manager"], cancellationToken: Cancel);
        await cluster.WaitForManagerAsync(Cancel);
        await stop.CancelAsync();

        var (done, failures) = await load;
        done.ShouldBeGreaterThan(0);
        failures.ShouldBeEmpty();
        (await WebhookNamesAsync()).ShouldBe(webhooks);
    }

    [Fact]
    public async Task Uninstalling_leaves_no_webhook_and_Pods_are_created_as_ever()
    {
        var team = await cluster.CreateNamespaceAsync("uninstall");
        try
        {
            await cluster.Kubectl.RunAsync(["delete", "-k", EndToEndCluster.Overlay, "--wait=true"], cancellationToken: Cancel);

            (await WebhookNamesAsync()).ShouldBeEmpty();
            // The rights of the local cluster's own agent belong to the cluster, not to what was installed on it.
            (await cluster.Kubectl.RunAsync(["get", "clusterroles,clusterrolebindings", "-o", "name"], cancellationToken: Cancel)).ShouldNotContain("kiban-manager");
            (await cluster.Kubectl.TryAsync(["get", "namespace", "kiban-system"], cancellationToken: Cancel)).Succeeded.ShouldBeFalse();
            await team.ApplyAsync(AwsPods.Once("asks", "true", cluster, """{"credentials.kiban.dev/aws": "store"}"""), Cancel);
        }
        finally
        {
            await cluster.DeployAsync(CancellationToken.None);
        }
    }

    private async Task<string> WebhookNamesAsync() =>
        await cluster.Kubectl.RunAsync(
            ["get", "mutatingwebhookconfigurations,validatingwebhookconfigurations", "-o", "jsonpath={range .items[*]}{.metadata.name}: {.webhooks[*].name}{'\\n'}{end}"],
            cancellationToken: Cancel);

    /// <summary>Creates Pods in a dry run, one after the other; each must come back injected.</summary>
    private async Task<(int Done, IReadOnlyList<string> Failures)> InjectUntilAsync(TestNamespace team, CancellationToken stop)
    {
        var pod = AwsPods.Once("probe", "true", cluster, """{"credentials.kiban.dev/aws": "store"}""");
        var failures = new List<string>();
        var done = 0;
        while (!stop.IsCancellationRequested)
        {
            var result = await cluster.Kubectl.TryAsync(["-n", team.Name, "create", "--dry-run=server", "-o", "yaml", "-f", "-"], pod, Cancel);
            if (!result.Succeeded || !result.Output.Contains("AWS_SHARED_CREDENTIALS_FILE", StringComparison.Ordinal))
                failures.Add(result.Error + result.Output);
            done++;
        }

        return (done, failures);
    }
}
