using Kiban.LocalCluster.Nodes.Networking;
using Kiban.LocalCluster.Processes;
using Kiban.LocalCluster.Tests.Nodes;
using Kiban.LocalCluster.Tests.Snapshots;
using Kiban.Testing;

namespace Kiban.LocalCluster.Tests.Teardown;

/// <summary>Clusters of their own, beside the assembly's, which must not notice.</summary>
public class TeardownTests(NodeFixture fixture)
{
    // Enough to be in the middle of it.
    private const int ManyFiles = 20_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_daemons_are_repaired_and_nothing_is_left_after_down_while_the_neighbour_works_on()
    {
        var neighbour = await fixture.ClusterAsync();
        var neighboursNamespace = await neighbour.CreateNamespaceAsync();
        await neighbour.ApplyAsync(NodeTests.WebServer, neighboursNamespace);
        await neighbour.WaitUntilReadyAsync("web", neighboursNamespace);
        var before = await MachineState.ReadAsync();

        await using var cluster = await NodeCluster.StartAsync(Cancelled);
        NetworkChoice.Overlaps(cluster.Node.Network.All, neighbour.Node.Network.All).ShouldBeFalse();
        await cluster.ApplyAsync(NodeTests.WebServer, "default");
        await cluster.WaitUntilReadyAsync("web", "default");

        // Every daemon killed at once: Pods outlive them, and new ones start.
        foreach (var daemon in new[] { "containerd", "kubelet", "kube-proxy", "kiban-agent", "slirp4netns" })
        {
            Daemons(cluster).Find(daemon).ShouldNotBeNull(daemon).Identity.Send(UnixSignal.Kill);
        }

        await cluster.UpAsync(Cancelled);
        await WaitForWebAsync(cluster);
        (await cluster.KubectlAsync("get", "pod", "web", "-o", "jsonpath={.status.containerStatuses[0].restartCount}")).ShouldBe("0");
        await cluster.ApplyAsync(NodeTests.Sleeper("later"), "default");
        await cluster.WaitUntilReadyAsync("later", "default");

        await ShouldSurviveItsAgentAsync(cluster);

        // The whole node lost, as when the machine's power fails: the Pods are started again.
        ProcessTable.Find(cluster.Directory).Single(process => process is { Component: "node", IsDaemon: true }).Identity.Send(UnixSignal.Kill);
        await cluster.UpAsync(Cancelled);
        await WaitForWebAsync(cluster);

        // Down with Pods running and a daemon dead, twice.
        var addresses = $"10.{cluster.Node.Network.Block}.";
        var networks = MachineState.NetworkNamespacesOf(cluster.Directory);
        networks.Count.ShouldBeGreaterThanOrEqualTo(2, "the node's and the Pods'");
        Daemons(cluster).Find("containerd")!.Identity.Send(UnixSignal.Kill);
        (await DownAsync(cluster)).ShouldBeTrue();
        (await DownAsync(cluster)).ShouldBeFalse();

        var after = await MachineState.ReadAsync();
        ProcessTable.Find(cluster.Directory).ShouldBeEmpty();
        after.NetworkNamespaces.Intersect(networks).ShouldBeEmpty();
        after.AddedBy(cluster.Directory, addresses, before).ShouldBeEmpty();
        Directory.Exists(cluster.Directory.Path).ShouldBeFalse();
        (await neighbour.FetchAsync("web", neighboursNamespace, $"web.{neighboursNamespace}.svc.cluster.local")).ShouldBe("hello");
    }

    [Fact]
    public async Task Start_that_is_interrupted_leaves_nothing()
    {
        NodeFixture.RequireRoot();
        var before = await MachineState.ReadAsync();
        var directory = OwnerGuard.CreateDirectory();
        using var guard = OwnerGuard.Start(directory);
        var cluster = new Cluster(new ClusterOptions { Directory = directory, Binaries = await ControlPlaneFixture.FindBinariesAsync(Cancelled), Node = true });
        using var interruption = new CancellationTokenSource();
        var progress = new InterruptAt("kubelet", interruption);

        await Should.ThrowAsync<OperationCanceledException>(() => cluster.UpAsync(progress, interruption.Token));

        ProcessTable.Find(directory).ShouldBeEmpty();
        var addresses = $"10.{cluster.Node.Layout!.Network.Block}.";
        (await MachineState.ReadAsync()).AddedBy(directory, addresses, before).ShouldBeEmpty();
        (await cluster.DownAsync(keepState: false, progress, Cancelled)).ShouldBeTrue();
        Directory.Exists(directory.Path).ShouldBeFalse();
        File.Delete(directory.LockPath);
    }

    /// <summary>The agent is killed in the middle of taking a snapshot, and again in the middle of filling a claim from it.</summary>
    private static async Task ShouldSurviveItsAgentAsync(NodeCluster cluster)
    {
        await SnapshotTests.FillAsync(cluster, "default", "data");
        var data = await SnapshotTests.DirectoryAsync(cluster, "default", "data");
        for (var i = 0; i < ManyFiles; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(data, $"file{i}"), $"{i}", Cancelled);
        }

        await cluster.ApplyAsync(SnapshotTests.Snapshot("monday", "persistentVolumeClaimName: data"), "default");
        await KillAgentAtAsync(cluster, cluster.Node.Snapshots, ".snapshot-*");
        Directory.EnumerateDirectories(cluster.Node.Snapshots, "snapshot-*").ShouldBeEmpty("half a snapshot has no name");
        await cluster.UpAsync(Cancelled);
        await SnapshotTests.WaitUntilReadyAsync(cluster, "default", "monday");

        await cluster.ApplyAsync(SnapshotTests.Claim("copy", "local-immediate", "monday"), "default");
        await KillAgentAtAsync(cluster, cluster.Node.Volumes, ".copy-*");
        (await cluster.KubectlAsync("get", "pvc", "copy", "-o", "jsonpath={.status.phase}")).ShouldBe("Pending");
        await cluster.UpAsync(Cancelled);
        await SnapshotTests.WaitForPhaseAsync(cluster, "default", "copy", "Bound");

        var copy = await SnapshotTests.DirectoryAsync(cluster, "default", "copy");
        Directory.EnumerateFiles(copy).Count().ShouldBe(ManyFiles + 1);
        Directory.EnumerateFileSystemEntries(cluster.Node.Snapshots, ".*").ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(cluster.Node.Volumes).Select(Path.GetFileName).ShouldBe([Path.GetFileName(data)!, Path.GetFileName(copy)!], ignoreOrder: true);
    }

    private static async Task KillAgentAtAsync(NodeCluster cluster, string folder, string pattern)
    {
        var agent = Daemons(cluster).Find("kiban-agent")!.Identity;
        while (!Directory.Exists(folder) || !Directory.EnumerateDirectories(folder, pattern).Any())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancelled);
        }

        agent.Send(UnixSignal.Kill);
    }

    private static Task WaitForWebAsync(NodeCluster cluster) => NodeCluster.WaitForAsync(
        async () =>
        {
            try
            {
                return await cluster.FetchAsync("web", "default", "web.default.svc.cluster.local") == "hello";
            }
            catch (LocalClusterException)
            {
                // Until the kubelet has seen that the old container is gone, it tries to enter it.
                return false;
            }
        },
        "the web server's Pod",
        Cancelled);

    private static DaemonHost Daemons(NodeCluster cluster) => new(cluster.Directory, TimeProvider.System);

    private static async Task<bool> DownAsync(NodeCluster cluster) => await cluster.Cluster.DownAsync(keepState: false, new Progress<ClusterProgress>(), Cancelled);

    private sealed class InterruptAt(string component, CancellationTokenSource interruption) : IProgress<ClusterProgress>
    {
        public void Report(ClusterProgress value)
        {
            if (value.Component == component)
            {
                interruption.Cancel();
            }
        }
    }
}
