using Kiban.LocalCluster.Processes;
using Kiban.Testing;

namespace Kiban.LocalCluster.Tests.ControlPlanes;

public class ControlPlaneTests(ControlPlaneFixture cluster)
{
    [Fact]
    public async Task Pod_is_accepted_and_its_service_account_token_mounted_in_a_fresh_namespace()
    {
        var ns = await cluster.CreateNamespaceAsync();

        await cluster.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: { name: web }
            spec:
              containers: [{ name: web, image: example.com/web }]
            """, ns);

        var mount = await cluster.KubectlAsync("get", "pod", "web", "-n", ns, "-o", "jsonpath={.spec.containers[0].volumeMounts[0].mountPath}");
        mount.ShouldBe("/var/run/secrets/kubernetes.io/serviceaccount");
    }

    [Fact]
    public async Task Api_server_that_was_killed_comes_back_with_its_objects()
    {
        await using var other = await ControlPlaneFixture.StartControlPlaneAsync(options => options with { ControllerManager = false, Scheduler = false });
        await KubectlAsync(other, "create", "configmap", "kept", "--from-literal=a=b");
        var before = other.Daemons.Find("kube-apiserver")!.Identity;

        before.Send(UnixSignal.Kill).ShouldBeTrue();
        await other.Daemons.WaitForExitAsync(before, CancellationToken.None);
        await other.ApiServer.StartAsync(CancellationToken.None);
        await other.ApiServer.WaitUntilReadyAsync(CancellationToken.None);

        other.Daemons.Find("kube-apiserver")!.Identity.ShouldNotBe(before);
        (await KubectlAsync(other, "get", "configmap", "kept", "-o", "jsonpath={.data.a}")).ShouldBe("b");
    }

    [Fact]
    public async Task List_continued_from_before_a_compaction_is_gone_after_a_restart()
    {
        await using var other = await ControlPlaneFixture.StartControlPlaneAsync(options => options with { ControllerManager = false, Scheduler = false });
        await KubectlAsync(other, "create", "configmap", "one");
        await KubectlAsync(other, "create", "configmap", "two");
        var page = await KubectlAsync(other, "get", "--raw", "/api/v1/namespaces/default/configmaps?limit=1");
        var token = System.Text.Json.Nodes.JsonNode.Parse(page)!["metadata"]!["continue"]!.GetValue<string>();
        await KubectlAsync(other, "create", "configmap", "three");

        await other.Maintenance.CompactAsync(CancellationToken.None);
        // Since 1.34 a list may be continued out of the API server's own memory, which does not know of the compaction.
        await other.Daemons.StopAsync("kube-apiserver", TimeSpan.Zero, CancellationToken.None);
        await other.ApiServer.StartAsync(CancellationToken.None);
        await other.ApiServer.WaitUntilReadyAsync(CancellationToken.None);

        var result = await Command.RunAsync(
            other.Layout.Options.Binaries.Kubectl,
            ["--kubeconfig", other.KubeconfigPath, "get", "--raw", $"/api/v1/namespaces/default/configmaps?limit=1&continue={Uri.EscapeDataString(token)}"],
            CancellationToken.None);
        result.Succeeded.ShouldBeFalse();
        result.Error.ShouldContain("continue parameter is too old");
    }

    [Fact]
    public async Task Disposing_leaves_neither_process_nor_file()
    {
        var other = await ControlPlaneFixture.StartControlPlaneAsync(options => options with { ControllerManager = false, Scheduler = false });
        ProcessTable.Find(other.Directory).Count.ShouldBe(2);

        await other.DisposeAsync();

        ProcessTable.Find(other.Directory).ShouldBeEmpty();
        Directory.Exists(other.Directory.Path).ShouldBeFalse();
    }

    private static async Task<string> KubectlAsync(LocalCluster.ControlPlanes.ControlPlane controlPlane, params string[] arguments)
    {
        var result = await Command.RunAsync(
            controlPlane.Layout.Options.Binaries.Kubectl, ["--kubeconfig", controlPlane.KubeconfigPath, .. arguments], CancellationToken.None);
        result.Succeeded.ShouldBeTrue(result.Error);
        return result.Output;
    }
}
