using System.Diagnostics;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Tests.Caching;
using Kiban.Kubernetes.Tests.Fakes;
using Kiban.Testing;

namespace Kiban.Kubernetes.Tests.Leases;

/// <summary>Real processes, a real server, real signals.</summary>
public sealed class StoppedProcessTests(ControlPlaneFixture cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leader_that_is_stopped_and_wakes_after_another_took_over_writes_nothing_more()
    {
        using var client = new KubernetesClient(KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath));
        var ns = await cluster.CreateNamespaceAsync("lease", Cancel);
        var ledger = await client.CreateAsync(CacheHarness.ConfigMap("ledger", "", ns), Cancel);
        using var stopWatching = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writers = new List<string>();
        var watching = WatchAsync(client, ns, ledger.Metadata.ResourceVersion, writers, stopWatching.Token);

        using var first = Start("first", ns);
        try
        {
            (await first.StandardOutput.ReadLineAsync(Cancel)).ShouldBe("leads");
            await WrittenAsync(writers, "first");
            using var second = Start("second", ns);
            try
            {
                await SignalAsync(first, "STOP");
                (await second.StandardOutput.ReadLineAsync(Cancel)).ShouldBe("leads");
                await WrittenAsync(writers, "second");
                await SignalAsync(first, "CONT");
                (await first.StandardOutput.ReadLineAsync(Cancel)).ShouldBe("lost");

                // A polite end hands over without waiting for the lease to lapse.
                await SignalAsync(second, "TERM");
                await second.WaitForExitAsync(Cancel);
                (await first.StandardOutput.ReadLineAsync(Cancel)).ShouldBe("leads");
                await WrittenAsync(writers, "first", after: "second");
                await SignalAsync(first, "TERM");
                await first.WaitForExitAsync(Cancel);
            }
            finally
            {
                Kill(second);
            }
        }
        finally
        {
            Kill(first);
        }

        (await client.GetAsync<V1Lease>("lease", ns, Cancel)).Spec.HolderIdentity.ShouldBeNull();
        await stopWatching.CancelAsync();
        await watching;
        lock (writers)
            Runs(writers).ShouldBe(["first", "second", "first"]);
    }

    private static List<string> Runs(List<string> writers) => [.. writers.Where((writer, index) => index == 0 || writers[index - 1] != writer)];

    private static Task WrittenAsync(List<string> writers, string writer, string? after = null) => Until.TrueAsync(
        () =>
        {
            lock (writers)
                return writers.LastOrDefault() == writer && (after is null || writers.Contains(after));
        },
        $"{writer} writes");

    private static async Task WatchAsync(KubernetesClient client, string ns, string version, List<string> writers, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in client.WatchAsync<V1ConfigMap>(ns, new WatchOptions { ResourceVersion = version, FieldSelector = "metadata.name=ledger" }, cancellationToken))
            {
                if (change.Type == WatchEventType.Modified)
                {
                    lock (writers)
                        writers.Add(change.Object.Data["writer"]);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Seen enough.
        }
    }

    private Process Start(string identity, string ns) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "Kiban.LeaseReplica.dll"), cluster.KubeconfigPath, ns, identity])
    {
        RedirectStandardOutput = true,
    })!;

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(Cancel);
        kill.ExitCode.ShouldBe(0);
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
            process.Kill();
    }
}
