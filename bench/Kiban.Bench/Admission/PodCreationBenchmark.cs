using System.Text.Json.Nodes;
using Kiban.Bench.Processes;
using Kiban.Bench.Reporting;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.LocalCluster.ControlPlanes;
using Kiban.Testing;

namespace Kiban.Bench.Admission;

/// <summary>
/// What the webhooks cost whoever creates Pods. All variants run against one API server, in turn, round after round; the namespace of
/// a Pod decides which webhooks it meets.
/// </summary>
internal sealed class PodCreationBenchmark : IBenchmark
{
    /// <summary>Clients, and Pods a second for all of them together (null: as fast as they can).</summary>
    private static readonly (int Clients, double? Rate)[] Loads = [(1, null), (16, null), (16, 100)];

    private static readonly Variant[] Variants =
    [
        new("no webhook", "bench-none", PodManifests.Plain, new() { [AdmissionOptions.OptOutLabel] = AdmissionOptions.OptOutValue }),
        new("do-nothing webhook", "bench-nothing", PodManifests.Plain,
            new() { [AdmissionOptions.OptOutLabel] = AdmissionOptions.OptOutValue, [DoNothingWebhook.NamespaceLabel] = "true" }),
        new("Kiban, Pods that do not ask", "bench-kiban", PodManifests.Plain, []),
        new("Kiban, Pods that ask", "bench-kiban-asking", PodManifests.Asking, []),
    ];

    /// <inheritdoc/>
    public string Name => "pods";

    /// <inheritdoc/>
    public string Description => "Pod creation without webhooks, with a do-nothing webhook, and with Kiban's";

    /// <inheritdoc/>
    public async Task RunAsync(BenchmarkOptions options, Report report, CancellationToken cancellationToken)
    {
        var program = await PublishedManager.PublishAsync(cancellationToken);
        await using var cluster = await ControlPlaneFixture.StartControlPlaneAsync(
            control => control with { ControllerManager = false, Scheduler = false }, cancellationToken);
        var connection = KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath);
        using var client = new KubernetesClient(connection);
        await BenchCluster.CreateWebhookConfigurationsAsync(client, cancellationToken);
        await using var manager = await PublishedManager.StartAsync(program, cluster, cancellationToken);
        await BenchCluster.WaitForRegistrationAsync(client, cancellationToken);
        await using var doNothing = await DoNothingWebhook.StartAsync(client, cluster.Directory.Path, cancellationToken);
        foreach (var variant in Variants)
            await BenchCluster.CreateNamespaceAsync(client, variant.Namespace, variant.Labels, cancellationToken);
        await BenchCluster.CreateAsync(client, "bench-kiban-asking", "secrets", PodManifests.Secret(PodManifests.SecretName), cancellationToken);
        await CheckAsync(client, doNothing, cancellationToken);

        foreach (var (clients, rate) in Loads)
        {
            var samples = await MeasureAsync(
                client, connection, clients, rate, options, variant => variant == Variants[0] ? null : variant == Variants[1] ? doNothing.ProcessorTime : manager.ProcessorTime, cancellationToken);
            var none = samples[Variants[0]];
            var nothing = samples[Variants[1]];
            report.Note(
                $"{clients} parallel {(clients == 1 ? "client" : "clients")}, {(rate is { } r ? $"{r:F0} Pods/s offered" : "as fast as they can")}, "
                + $"{options.Rounds} rounds of {options.PodsPerRound} Pods each:");
            report.Table(
                ["", "p50 ms", "p99 ms", "Pods/s", "p50 / do-nothing", "Pods/s / do-nothing", "p99 above none, ms", "server CPU per Pod, µs"],
                Variants.Select(variant => (variant.Name, Sample: samples[variant])).Select(row => (IReadOnlyList<string>)
                [
                    row.Name,
                    Report.Number(row.Sample.Percentile(50), 2), Report.Number(row.Sample.Percentile(99), 2), Report.Number(row.Sample.Throughput, 0),
                    Report.Ratio(row.Sample.Percentile(50), nothing.Percentile(50)), Report.Ratio(row.Sample.Throughput, nothing.Throughput),
                    Report.Number(row.Sample.Percentile(99) - none.Percentile(99), 2), Report.Number(row.Sample.ServerTime.TotalMicroseconds / row.Sample.Count, 0),
                ]));
        }

        var memory = manager.Memory;
        report.Note(
            $"Kubernetes {cluster.Layout.Options.Binaries.Version}; API server, etcd, the load and both webhook servers share the cores. "
            + "The do-nothing webhook is registered for the same calls as Kiban's: one mutating and one validating for each Pod. "
            + $"The manager afterwards: {Report.Number(memory.Resident)} MiB resident, {Report.Number(memory.Anonymous)} MiB of it anonymous.");
    }

    private static async Task<Dictionary<Variant, LatencySample>> MeasureAsync(
        KubernetesClient client, KubernetesConnection connection, int clients, double? rate, BenchmarkOptions options,
        Func<Variant, TimeSpan?> serverTime, CancellationToken cancellationToken)
    {
        using var load = new PodLoad(connection, clients);
        var samples = Variants.ToDictionary(variant => variant, _ => new LatencySample());
        for (var round = -1; round < options.Rounds; round++)
        {
            // Each variant is first, second, … equally often: whoever follows the deletion of Pods meets a busier etcd.
            foreach (var variant in Variants.Skip(Math.Max(round, 0) % Variants.Length).Concat(Variants.Take(Math.Max(round, 0) % Variants.Length)))
            {
                var sample = round < 0 ? new LatencySample() : samples[variant];
                var before = serverTime(variant);
                await load.CreateAsync(variant.Namespace, variant.Manifest, options.PodsPerRound, rate, sample, cancellationToken);
                sample.ServerTime += serverTime(variant) - before ?? TimeSpan.Zero;
                await client.SendAsync(HttpMethod.Delete, $"/api/v1/namespaces/{variant.Namespace}/pods", null, "application/json", cancellationToken);
            }
        }

        return samples;
    }

    /// <summary>Every variant does what its name says, or the numbers would mean nothing.</summary>
    private static async Task CheckAsync(KubernetesClient client, DoNothingWebhook doNothing, CancellationToken cancellationToken)
    {
        foreach (var variant in Variants)
        {
            var before = await doNothing.CountCallsAsync(cancellationToken);
            var pod = await BenchCluster.CreateAsync(client, variant.Namespace, "pods", variant.Manifest.Replace("$NAME", "check", StringComparison.Ordinal), cancellationToken);
            var called = await doNothing.CountCallsAsync(cancellationToken) > before;
            var injected = pod["spec"]!["volumes"]!.AsArray().Any(volume => (string?)volume!["name"] == "kiban-aws-credentials");
            if (called != variant.Labels.ContainsKey(DoNothingWebhook.NamespaceLabel) || injected != (variant.Manifest == PodManifests.Asking))
                throw new InvalidOperationException($"'{variant.Name}' is not what it should be: do-nothing webhook called: {called}, injected: {injected}.");
            await client.SendAsync(HttpMethod.Delete, $"/api/v1/namespaces/{variant.Namespace}/pods/check", null, "application/json", cancellationToken);
        }
    }

    private sealed record Variant(string Name, string Namespace, string Manifest, Dictionary<string, string> Labels);
}
