using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Testing;

namespace Kiban.Kubernetes.Tests.Fakes;

public sealed class RealServerContractTests(ControlPlaneFixture cluster) : ServerContract, IDisposable
{
    private readonly KubernetesClient _client = new(KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath));

    protected override IKubernetesClient Client => _client;

    public void Dispose() => _client.Dispose();

    protected override Task<string> NewNamespaceAsync() => cluster.CreateNamespaceAsync("contract", Cancel);

    protected override Task CompactAsync() => cluster.CompactEtcdAsync(Cancel);
}
