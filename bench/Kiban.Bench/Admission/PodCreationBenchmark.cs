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

    private const string DoNothing = "do-nothing";
    private const string ConstantPatch = "constant-patch";

    private static readonly KeyValuePair<string, string> KeptFromKiban = new(AdmissionOptions.OptOutLabel, AdmissionOptions.OptOutValue);

    // The same Pods in each pair of Kiban and its peer, and the same result; the peer of Pods that do not ask does nothing, that of Pods
    // that ask adds the very same volumes, mounts and variables without looking.
    private static readonly Variant NoWebhook = new("no webhook", "bench-none", PodManifests.Plain, null);
    private static readonly Variant Nothing = new("peer: webhooks that do nothing", "bench-nothing", PodManifests.Plain, DoNothing);
    private static readonly Variant NotAsking = new("Kiban, Pods that do not ask", "bench-kiban", PodManifests.Plain, null, IsKiban: true);
    private static readonly Variant Patching = new("peer: constant patch, and a check that does nothing", "bench-patch", PodManifests.Asking, ConstantPatch);
    private static readonly Variant Asking = new("Kiban, Pods that ask", "bench-kiban-asking", PodManifests.Asking, null, IsKiban: true);
    private static readonly Variant[] Variants = [NoWebhook, Nothing, NotAsking, Patching, Asking];

    /// <inheritdoc/>
    public string Name => "pods";

    /// <inheritdoc/>
    public string Description => "Pod creation without webhooks, with Kiban's, and with peers that give the API server the same to do";

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
        foreach (var variant in Variants)
            await BenchCluster.CreateNamespaceAsync(client, variant.Namespace, variant.Labels, cancellationToken);
        await BenchCluster.CreateAsync(client, Asking.Namespace, "secrets", PodManifests.Secret(PodManifests.SecretName), cancellationToken);
        var folder = cluster.Directory.Path;
        await using var doNothing = await PeerWebhook.StartAsync(DoNothing, patch: null, client, folder, cancellationToken);
        var uninjected = await CreateAsync(client, Patching, "uninjected", cancellationToken);
        await using var constantPatch = await PeerWebhook.StartAsync(
            ConstantPatch, await InjectionPatch.AskAsync(client, uninjected, Asking.Namespace, cancellationToken), client, folder, cancellationToken);
        var peers = new Dictionary<string, PeerWebhook> { [DoNothing] = doNothing, [ConstantPatch] = constantPatch };
        await CheckAsync(client, peers, cancellationToken);

        foreach (var (clients, rate) in Loads)
        {
            var samples = await MeasureAsync(
                client, connection, clients, rate, options,
                variant => variant.IsKiban ? manager.ProcessorTime : variant.Peer is { } peer ? peers[peer].ProcessorTime : null, cancellationToken);
            var none = samples[NoWebhook];
            report.Note(
                $"{clients} parallel {(clients == 1 ? "client" : "clients")}, {(rate is { } r ? $"{r:F0} Pods/s offered" : "as fast as they can")}, "
                + $"{options.Rounds} rounds of {options.PodsPerRound} Pods each:");
            report.Table(
                ["", "p50 ms", "p99 ms", "Pods/s", "p50 / its peer", "Pods/s / its peer", "p50 / do-nothing", "p99 above none, ms", "server CPU per Pod, µs"],
                Variants.Select(variant => (variant.Name, Sample: samples[variant], Peer: samples[variant == Asking || variant == Patching ? Patching : Nothing]))
                    .Select(row => (IReadOnlyList<string>)
                    [
                        row.Name,
                        Report.Number(row.Sample.Percentile(50), 2), Report.Number(row.Sample.Percentile(99), 2), Report.Number(row.Sample.Throughput, 0),
                        Report.Ratio(row.Sample.Percentile(50), row.Peer.Percentile(50)), Report.Ratio(row.Sample.Throughput, row.Peer.Throughput),
                        Report.Ratio(row.Sample.Percentile(50), samples[Nothing].Percentile(50)),
                        Report.Number(row.Sample.Percentile(99) - none.Percentile(99), 2), Report.Number(row.Sample.ServerTime.TotalMicroseconds / row.Sample.Count, 0),
                    ]));
        }

        var memory = manager.Memory;
        report.Note(
            $"Kubernetes {cluster.Layout.Options.Binaries.Version}; API server, etcd, the load and the webhook servers share the cores. "
            + "The peers are registered for the same calls as Kiban's. The one with the constant patch answers "
            + "with the bytes that Kiban answered with, so the API server patches, checks and stores the same; what is above it is Kiban's own. "
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
    private static async Task CheckAsync(KubernetesClient client, Dictionary<string, PeerWebhook> peers, CancellationToken cancellationToken)
    {
        string? injected = null;
        foreach (var variant in Variants)
        {
            var before = await CountCallsAsync();
            var pod = await CreateAsync(client, variant, "check", cancellationToken);
            var called = (await CountCallsAsync()).Where(calls => calls.Value > before[calls.Key]).Select(calls => calls.Key);
            var containers = pod["spec"]!["containers"]!.ToJsonString();
            var isInjected = containers.Contains("kiban-aws-credentials", StringComparison.Ordinal);
            if (!called.SequenceEqual(variant.Peer is null ? [] : [variant.Peer]) || isInjected != (variant == Asking || variant == Patching))
                throw new InvalidOperationException($"'{variant.Name}' is not what it should be: called {string.Join(", ", called)}, injected: {isInjected}.");
            if (isInjected && containers != (injected ??= containers))
                throw new InvalidOperationException($"'{variant.Name}' and its peer do not make the same containers: {containers} and {injected}");
        }

        async Task<Dictionary<string, int>> CountCallsAsync()
        {
            var counts = new Dictionary<string, int>();
            foreach (var (name, peer) in peers)
                counts[name] = await peer.CountCallsAsync(cancellationToken);
            return counts;
        }
    }

    /// <summary>Creates a Pod and deletes it again.</summary>
    /// <returns>The Pod as it was stored.</returns>
    private static async Task<JsonNode> CreateAsync(KubernetesClient client, Variant variant, string name, CancellationToken cancellationToken)
    {
        var pod = await BenchCluster.CreateAsync(client, variant.Namespace, "pods", variant.Manifest.Replace("$NAME", name, StringComparison.Ordinal), cancellationToken);
        await client.SendAsync(HttpMethod.Delete, $"/api/v1/namespaces/{variant.Namespace}/pods/{name}", null, "application/json", cancellationToken);
        return pod;
    }

    private sealed record Variant(string Name, string Namespace, string Manifest, string? Peer, bool IsKiban = false)
    {
        public IEnumerable<KeyValuePair<string, string>> Labels =>
            IsKiban ? [] : Peer is null ? [KeptFromKiban] : [KeptFromKiban, new(PeerWebhook.LabelOf(Peer), "true")];
    }
}
