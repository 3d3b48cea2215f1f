using Kiban.Datasets.Api;
using Kiban.Datasets.Waiting;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Discovery;
using Kiban.Kubernetes.Events;
using Kiban.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kiban.Datasets.Tests.Integration;

/// <summary>
/// A control plane whose claims and Pods go through the webhooks, and on which only the controllers of waiting run: tests play the one that loads.
/// </summary>
[CollectionDefinition(nameof(WaitingFixture))]
public sealed class WaitingFixture : ControlPlaneFixture, ICollectionFixture<WaitingFixture>
{
    private AdmissionServer? _server;

    /// <summary>Whether the server keeps scheduling gates; where it does not, an init container waits.</summary>
    public bool HasGates => Version.IsAtLeast(1, 27);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _server = await AdmissionServer.StartAsync(this, AddWaiting);
        const string Wrong = """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: probe, namespace: default, annotations: {dataset.kiban.dev/source: nonsense}}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            """;
        await Claims.UntilAsync(async () => !(await RunKubectlAsync(["create", "--dry-run=server", "-f", "-"], Wrong)).Succeeded, "the webhooks to answer");
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    private static void AddWaiting(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddEvents();
        services.AddDiscovery(_ => "kiban-system");
        services.AddSingleton(new DatasetsOptions());
        services.AddSingleton<IResourceCache<DatasetClaim>>(provider => provider.GetRequiredService<IResourceCaches>().Get(DatasetCaches.Claims));
        services.AddSingleton<IResourceCache<DatasetPod>>(provider =>
        {
            var pods = provider.GetRequiredService<IResourceCaches>().Get(DatasetCaches.Pods);
            pods.AddIndex(DatasetCaches.ConsumersByClaim, DatasetCaches.WaitsFor);
            return pods;
        });
        services.AddSingleton<DatasetObjects>();
        services.AddWaiting();
    }
}
