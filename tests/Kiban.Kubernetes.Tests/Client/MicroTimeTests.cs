using System.Text.Json;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Testing;

namespace Kiban.Kubernetes.Tests.Client;

public sealed class MicroTimeTests(ControlPlaneFixture cluster)
{
    private static readonly DateTime WholeSecond = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Time_of_a_lease_has_all_its_digits_at_whole_seconds()
    {
        var lease = new V1Lease { Spec = new V1LeaseSpec { RenewTime = WholeSecond }, Metadata = new V1ObjectMeta { CreationTimestamp = WholeSecond } };

        var text = JsonSerializer.Serialize(lease, KubernetesJsonOptions.Default);

        text.ShouldContain("\"renewTime\":\"2026-01-01T00:00:00.000000Z\"");
        text.ShouldContain("\"creationTimestamp\":\"2026-01-01T00:00:00Z\"");
        text.ShouldNotContain("acquireTime");
        JsonSerializer.Deserialize<V1Lease>(text, KubernetesJsonOptions.Default)!.Spec.RenewTime.ShouldBe(WholeSecond);
        // Why the converter is there: the day this fails, the official one has been mended.
        KubernetesJson.Serialize(lease).ShouldContain("\"renewTime\":\"2026-01-01T00:00:00Z\"");
    }

    [Fact]
    public async Task Real_server_takes_a_lease_renewed_at_a_whole_second()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var client = new KubernetesClient(KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath));
        var ns = await cluster.CreateNamespaceAsync("lease", cancel);

        var lease = await client.CreateAsync(
            new V1Lease { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = ns }, Spec = new V1LeaseSpec { RenewTime = WholeSecond } }, cancel);

        lease.Spec.RenewTime.ShouldBe(WholeSecond);
    }
}
