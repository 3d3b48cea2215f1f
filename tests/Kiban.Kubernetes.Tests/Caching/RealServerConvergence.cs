using CsCheck;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Tests.Fakes;

namespace Kiban.Kubernetes.Tests.Caching;

/// <summary>The same trial over real connections to a real API server, which is restarted in its midst.</summary>
public sealed class RealServerConvergence(RestartableControlPlane cluster) : IClassFixture<RestartableControlPlane>
{
    private const int Trials = 3;

    [Fact]
    public async Task After_whatever_happened_the_cache_equals_the_server_and_no_key_is_lost()
    {
        var connection = KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath);
        using var direct = new KubernetesClient(connection);

        // One at a time, and each with one restart: a restart takes seconds. After a failure nothing smaller is looked for.
        var hasFailed = false;
        await Gen.Select(ConvergenceTrial.AnyHappening.Array[8, 25], ConvergenceTrial.AnyHappening.Array[8, 25]).SampleAsync(
            async (before, after) =>
            {
                if (hasFailed)
                    return;
                hasFailed = true;
                await using var proxy = new CuttingProxy(cluster.Server);
                using var disturbed = new KubernetesClient(connection.CreateHandler(), proxy.Address);
                var server = new UpsetCluster(cluster, direct, disturbed, proxy, await cluster.CreateNamespaceAsync("trial"));
                var restart = new ConvergenceTrial.Happening(-1, false, Upset.Restart);
                await new ConvergenceTrial(server, useWatchList: true).RunAsync([.. before, restart, .. after], CancellationToken.None);
                hasFailed = false;
            },
            iter: Trials,
            threads: 1);
    }

    private sealed class UpsetCluster(RestartableControlPlane cluster, IKubernetesClient direct, IKubernetesClient disturbed, CuttingProxy proxy, string ns) : IUpsetServer
    {
        public IKubernetesClient Direct => direct;

        public IKubernetesClient Disturbed => disturbed;

        public string Namespace => ns;

        public async Task UpsetAsync(Upset upset)
        {
            switch (upset)
            {
                case Upset.Cut:
                    proxy.Cut();
                    break;
                case Upset.Break:
                    proxy.Break();
                    break;
                case Upset.Mend:
                    proxy.Mend();
                    break;
                case Upset.Compact:
                    await WriteAsync();
                    await cluster.CompactEtcdAsync();
                    break;
                case Upset.Restart:
                    await WriteAsync();
                    await cluster.StopApiServerAsync();
                    await cluster.CompactEtcdAsync();
                    await cluster.StartApiServerAsync();
                    break;
                default:
                    throw new InvalidOperationException($"{upset}");
            }
        }

        // etcd refuses to compact where nothing was written since the last time.
        private Task<V1ConfigMap> WriteAsync() =>
            direct.ApplyAsync(CacheHarness.ConfigMap("compaction", Guid.NewGuid().ToString(), ns), "trial", CancellationToken.None);

        public Task RecoverAsync()
        {
            proxy.Mend();
            return Task.CompletedTask;
        }
    }
}
