using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Discovery;
using Kiban.Kubernetes.Events;
using Kiban.Kubernetes.Leases;
using Kiban.Manager.Tests.Deployment;
using Microsoft.Extensions.DependencyInjection;

namespace Kiban.Manager.Tests.Hosting;

/// <summary>What a part that is added to the manager may ask for (docs/controllers.md).</summary>
[Collection(nameof(DeployedObjects))]
public sealed class CompositionTests(AuditedControlPlane cluster)
{
    [Fact]
    public async Task Part_is_given_a_client_that_writes_only_while_its_leadership_lasts_and_caches_events_and_discovery()
    {
        await using var manager = ManagerApplication.Build(["--Manager:Kubeconfig=" + cluster.KubeconfigPath]);

        manager.Services.GetRequiredService<IKubernetesClient>().ShouldBeOfType<FencedKubernetesClient>();
        manager.Services.GetRequiredService<IResourceCaches>().ShouldNotBeNull();
        manager.Services.GetRequiredService<EventSink>().For("kiban.dev/part").ShouldNotBeNull();
        var version = await manager.Services.GetRequiredService<DiscoveryClient>().GetVersionAsync(TestContext.Current.CancellationToken);
        version.Minor.ShouldBe(cluster.Version.Minor);
        var has = await manager.Services.GetRequiredService<ServerCapabilities>().HasAsync(ServerCapability.EventsV1, TestContext.Current.CancellationToken);
        has.ShouldBeTrue();
    }
}
