using System.Diagnostics;
using k8s.Models;
using Kiban.Bench.Reporting;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.LocalCluster.ControlPlanes;
using Kiban.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kiban.Bench.Caching;

/// <summary>
/// How many events per second the cache keeps up with, against <c>kubectl get --watch</c> on the same stream of the same server, and what
/// the objects cost in memory.
/// </summary>
internal sealed class CacheBenchmark : IBenchmark
{
    private const string Namespace = "stream";
    private const string Collection = $"/api/v1/namespaces/{Namespace}/pods";

    public string Name => "cache";

    public string Description => "Events per second that the cache keeps up with, against kubectl get --watch; memory of its objects";

    public async Task RunAsync(BenchmarkOptions options, Report report, CancellationToken cancellationToken)
    {
        await using var cluster = await ControlPlaneFixture.StartControlPlaneAsync(
            control => control with { ControllerManager = false, Scheduler = false }, cancellationToken);
        var connection = KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath);
        using var client = new KubernetesClient(connection);
        await BenchCluster.CreateNamespaceAsync(client, Namespace, [], cancellationToken);

        var before = (await client.ListPageAsync<V1Pod>(Namespace, new ListOptions { Limit = 1 }, cancellationToken)).ResourceVersion;
        var pods = Math.Min(options.Objects, options.Events);
        await using (var proxy = await ReplayProxy.StartAsync(connection, Collection, "Pod", before, cancellationToken))
        {
            await Task.WhenAll(
                proxy.RecordAsync(options.Events, cancellationToken),
                PodStream.WriteAsync(client, Namespace, pods, options.Events, cancellationToken));
            await CompareSpeedAsync(proxy, cluster, options, report, cancellationToken);
        }
        await MeasureMemoryAsync(client, pods, report, cancellationToken);
    }

    private static async Task CompareSpeedAsync(ReplayProxy proxy, ControlPlane cluster, BenchmarkOptions options, Report report, CancellationToken cancellationToken)
    {
        var kubectl = cluster.Layout.Options.Binaries.Kubectl;
        var readers = new (string Name, Func<Task<TimeSpan>> ReadAsync)[]
        {
            ("kubectl get --watch", () => ReadWithKubectlAsync(proxy, kubectl, [], options.Events, cancellationToken)),
            ("kubectl get --watch -o name", () => ReadWithKubectlAsync(proxy, kubectl, ["-o", "name"], options.Events, cancellationToken)),
            ("cache, whole objects", () => ReadWithCacheAsync(proxy, null, options.Events, cancellationToken)),
            ("cache, metadata kept", () => ReadWithCacheAsync(proxy, MetadataOnly, options.Events, cancellationToken)),
        };

        // One round that is not counted, then all readers in turn, so that whatever else the machine does befalls them alike.
        var times = readers.ToDictionary(reader => reader.Name, _ => new List<double>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var (name, readAsync) in readers)
            {
                var time = await readAsync();
                if (round > 0)
                    times[name].Add(time.TotalSeconds);
            }
        }

        var @base = options.Events / Median(times[readers[0].Name]);
        report.Table(
            ["reader", "events", "seconds (median)", "events/s", "against kubectl"],
            readers.Select(reader =>
            {
                var seconds = Median(times[reader.Name]);
                return (IReadOnlyList<string>)[reader.Name, $"{options.Events}", Report.Number(seconds, 2), Report.Number(options.Events / seconds, 0), Report.Ratio(options.Events / seconds, @base)];
            }));
    }

    private static async Task<TimeSpan> ReadWithKubectlAsync(ReplayProxy proxy, string kubectl, string[] format, int events, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(
            kubectl, ["--kubeconfig", "/dev/null", "--server", proxy.Address.ToString(), "-n", Namespace, "get", "pods", "--watch", "--no-headers", .. format])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            for (var seen = 0; seen < events; seen++)
            {
                if (await process.StandardOutput.ReadLineAsync(cancellationToken) is null)
                {
                    // Whoever interrupts the benchmark signals its whole process group: kubectl then ends before we have heard.
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
                    await process.WaitForExitAsync(cancellationToken);
                    throw new InvalidOperationException(
                        $"kubectl ended with exit code {process.ExitCode} after {seen} of {events} events: {(await errors).Trim()} The stream to it {proxy.LastEnd ?? "is open"}.");
                }
            }
            return Stopwatch.GetElapsedTime(proxy.WatchBegan);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<TimeSpan> ReadWithCacheAsync(ReplayProxy proxy, Func<V1Pod, V1Pod>? transform, int events, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler();
        using var client = new KubernetesClient(handler, proxy.Address);
        var cache = new ResourceCache<V1Pod>(
            client,
            new ResourceCacheOptions<V1Pod> { Namespace = Namespace, Transform = transform, UseWatchList = false },
            TimeProvider.System,
            NullLogger.Instance);
        var all = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = 0;
        using var subscription = cache.Subscribe(_ =>
        {
            if (++seen == events)
                all.TrySetResult(Stopwatch.GetElapsedTime(proxy.WatchBegan));
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = cache.RunAsync(stop.Token);
        try
        {
            return await all.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    private static async Task MeasureMemoryAsync(IKubernetesClient client, int pods, Report report, CancellationToken cancellationToken)
    {
        // All caches live to the end, so that none frees memory while another is measured; the first is for what is allocated only once.
        var all = new List<ResourceCache<V1Pod>>();
        await MemoryOfAsync(MetadataOnly, false);
        var whole = await MemoryOfAsync(null, true);
        var plain = await MemoryOfAsync(null, false);
        var metadata = await MemoryOfAsync(MetadataOnly, false);
        GC.KeepAlive(all);
        report.Table(
            [$"cache of {pods} Pods", "MiB", "KiB per Pod", "against whole"],
            [Row("whole, managed fields too", whole), Row("whole (the default)", plain), Row("metadata kept", metadata)]);

        IReadOnlyList<string> Row(string what, long bytes) =>
            [what, Report.Number(bytes / 1048576.0), Report.Number(bytes / 1024.0 / pods, 2), Report.Ratio(bytes, whole)];

        async Task<long> MemoryOfAsync(Func<V1Pod, V1Pod>? transform, bool keepManagedFields)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var cache = new ResourceCache<V1Pod>(
                client,
                new ResourceCacheOptions<V1Pod> { Namespace = Namespace, Transform = transform, KeepManagedFields = keepManagedFields, UseWatchList = false },
                TimeProvider.System,
                NullLogger.Instance);
            all.Add(cache);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var running = cache.RunAsync(stop.Token);
            await cache.WaitForSyncAsync(cancellationToken);
            await stop.CancelAsync();
            await running;
            return GC.GetTotalMemory(forceFullCollection: true) - before;
        }
    }

    private static V1Pod MetadataOnly(V1Pod pod) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = pod.Metadata.Name,
            NamespaceProperty = pod.Metadata.NamespaceProperty,
            Uid = pod.Metadata.Uid,
            ResourceVersion = pod.Metadata.ResourceVersion,
            Annotations = pod.Metadata.Annotations,
        },
    };

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
