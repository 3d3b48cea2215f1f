using System.Net;
using System.Threading.Channels;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.LocalCluster.Agent;
using Kiban.LocalCluster.Nodes;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster.Dns;

/// <summary>Keeps the cluster's DNS server in step with Services and endpoints, and the Service by which Pods reach it in place.</summary>
internal sealed class ClusterDnsTask : IAgentTask
{
    private readonly NodeLayout _layout;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;

    public ClusterDnsTask(NodeLayout layout, TimeProvider time, ILoggerFactory loggers)
    {
        _layout = layout;
        _time = time;
        _loggers = loggers;
    }

    /// <inheritdoc/>
    public string Name => "cluster-dns";

    /// <inheritdoc/>
    public async Task RunAsync(IKubernetesClient client, Action ready, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var services = new ResourceCache<V1Service>(client, new ResourceCacheOptions<V1Service>(), _time, _loggers.CreateLogger<ResourceCache<V1Service>>());
        var endpoints = new ResourceCache<V1Endpoints>(client, new ResourceCacheOptions<V1Endpoints>(), _time, _loggers.CreateLogger<ResourceCache<V1Endpoints>>());
        // One place: changes that come while the zone is made anew are one change.
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var ofServices = services.Subscribe(_ => changes.Writer.TryWrite(true));
        using var ofEndpoints = endpoints.Subscribe(_ => changes.Writer.TryWrite(true));
        var caches = Task.WhenAll(services.RunAsync(stop.Token), endpoints.RunAsync(stop.Token));
        try
        {
            await Task.WhenAll(
                ClusterDnsObjects.ApplyAsync(client, _layout, cancellationToken),
                services.WaitForSyncAsync(cancellationToken),
                endpoints.WaitForSyncAsync(cancellationToken));
            using var server = new ClusterDnsServer(new IPEndPoint(_layout.Network.HostAddress, _layout.DnsPort), Zone(), new HostResolver());
            server.Start();
            ready();
            await foreach (var _ in changes.Reader.ReadAllAsync(cancellationToken))
            {
                server.Zone = Zone();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await caches.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ClusterZone Zone() => ClusterZone.Build(
            services.List(), endpoints.List(), _layout.Network.All, _layout.Network.DnsAddress, (uint)_time.GetUtcNow().ToUnixTimeSeconds());
    }
}
