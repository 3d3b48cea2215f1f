using Kiban.Bench.Admission;
using Kiban.Bench.Processes;
using Kiban.Bench.Reporting;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Testing;

namespace Kiban.Bench.Memory;

/// <summary>How much memory the manager needs in a large cluster, and how long it takes from its start until it is ready there.</summary>
internal sealed class ManagerMemoryBenchmark : IBenchmark
{
    private const string Namespace = "bench-memory";

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public string Description => "memory of the manager, and its time to ready, in a large cluster";

    /// <inheritdoc/>
    public async Task RunAsync(BenchmarkOptions options, Report report, CancellationToken cancellationToken)
    {
        var program = await PublishedManager.PublishAsync(cancellationToken);
        var rows = new List<IReadOnlyList<string>>
        {
            await MeasureAsync(program, "an empty cluster", 0, 0, options, cancellationToken),
            await MeasureAsync(program, $"{options.Objects} Pods and Secrets, one Secret in 20 typed", options.Objects, options.Objects / 20, options, cancellationToken),
            await MeasureAsync(program, $"{options.Objects} Pods and Secrets, all Secrets typed", options.Objects, options.Objects, options, cancellationToken),
        };
        report.Table(
            ["", "ready after, s", "resident at ready, MiB", $"after {Settle.TotalSeconds:F0} s at rest", "after load", "of it anonymous", "peak"], rows);
        report.Note($"Load: {4 * options.PodsPerRound} Pods that ask for credentials, by 16 clients. Resident memory is what /proc/PID/status calls VmRSS; the peak is VmHWM.");
    }

    private static async Task<IReadOnlyList<string>> MeasureAsync(
        string program, string name, int objects, int typed, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using var cluster = await ControlPlaneFixture.StartControlPlaneAsync(
            control => control with { ControllerManager = false, Scheduler = false }, cancellationToken);
        var connection = KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath);
        using var client = new KubernetesClient(connection);
        await BenchCluster.CreateWebhookConfigurationsAsync(client, cancellationToken);
        await BenchCluster.CreateNamespaceAsync(client, Namespace, [], cancellationToken);
        await FillAsync(client, objects, typed, cancellationToken);

        await using var manager = await PublishedManager.StartAsync(program, cluster, cancellationToken);
        var ready = manager.Memory;
        await BenchCluster.WaitForRegistrationAsync(client, cancellationToken);
        await Task.Delay(Settle, TimeProvider.System, cancellationToken);
        var atRest = manager.Memory;
        await BenchCluster.CreateAsync(client, Namespace, "secrets", PodManifests.Secret(PodManifests.SecretName), cancellationToken);
        using (var load = new PodLoad(connection, clients: 16))
            await load.CreateAsync(Namespace, PodManifests.Asking, 4 * options.PodsPerRound, rate: null, new LatencySample(), cancellationToken);
        var afterLoad = manager.Memory;
        return
        [
            name, Report.Number(manager.TimeToReady.TotalSeconds, 2), Report.Number(ready.Resident), Report.Number(atRest.Resident),
            Report.Number(afterLoad.Resident), Report.Number(afterLoad.Anonymous), Report.Number(afterLoad.Peak),
        ];
    }

    private static Task FillAsync(KubernetesClient client, int objects, int typed, CancellationToken cancellationToken) =>
        Parallel.ForAsync(0, objects, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (index, cancel) =>
        {
            await BenchCluster.CreateAsync(client, Namespace, "pods", PodManifests.Plain.Replace("$NAME", $"filler-{index}", StringComparison.Ordinal), cancel);
            var secret = PodManifests.Secret($"filler-{index}");
            await BenchCluster.CreateAsync(
                client, Namespace, "secrets", index < typed ? secret : secret.Replace("kiban.dev/aws-credentials", "Opaque", StringComparison.Ordinal), cancel);
        });
}
