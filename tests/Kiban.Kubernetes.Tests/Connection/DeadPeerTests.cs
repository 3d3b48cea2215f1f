using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Tests.Caching;
using Kiban.Kubernetes.Tests.Fakes;
using Kiban.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kiban.Kubernetes.Tests.Connection;

/// <summary>The real server, behind a connection that goes dead without a word.</summary>
public sealed class DeadPeerTests(ControlPlaneFixture cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_over_a_connection_that_is_dead_goes_on_over_another_long_before_it_should_have_ended()
    {
        var ns = await cluster.CreateNamespaceAsync("dead", Cancel);
        await using var proxy = new CuttingProxy(cluster.Server);
        var known = KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath);
        using var client = new KubernetesClient(new KubernetesConnection
        {
            Server = proxy.Address,
            CertificateAuthority = known.CertificateAuthority,
            ClientCertificate = known.ClientCertificate,
            ClientKey = known.ClientKey,
            PingDelay = TimeSpan.FromSeconds(1),
            PingTimeout = TimeSpan.FromSeconds(1),
        });
        var cache = new ResourceCache<V1ConfigMap>(
            client, new ResourceCacheOptions<V1ConfigMap> { Namespace = ns, WatchTimeout = TimeSpan.FromHours(1) }, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = cache.RunAsync(stop.Token);
        await cache.WaitForSyncAsync(Cancel);
        await cluster.Client.CreateAsync(CacheHarness.ConfigMap("before", "1", ns), Cancel);
        await Until.TrueAsync(() => cache.Find(new NamespacedName(ns, "before")) is not null, "the watch");

        proxy.Freeze();
        await cluster.Client.CreateAsync(CacheHarness.ConfigMap("after", "1", ns), Cancel);

        await Until.TrueAsync(() => cache.Find(new NamespacedName(ns, "after")) is not null, "what happened after the connection died");
        await stop.CancelAsync();
        await running;
    }
}
