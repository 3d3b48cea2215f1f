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

        // Side by side, and all with the one restart in their midst, which takes seconds. After a failure nothing smaller is looked for.
        var hasFailed = false;
        await Gen.Select(ConvergenceTrial.AnyHappening.Array[8, 25], ConvergenceTrial.AnyHappening.Array[8, 25]).Array[Trials].SampleAsync(
            async histories =>
            {
                if (hasFailed)
                    return;
                hasFailed = true;
                using var restart = new SharedUpset(Trials, async () =>
                {
                    await cluster.StopApiServerAsync();
                    await cluster.CompactEtcdAsync();
                    await cluster.StartApiServerAsync();
                });
                await Task.WhenAll(histories.Select(history => RunAsync(connection, direct, restart, history.Item1, history.Item2)));
                hasFailed = false;
            },
            iter: 1,
            threads: 1);
    }

    private async Task RunAsync(
        KubernetesConnection connection, KubernetesClient direct, SharedUpset restart, ConvergenceTrial.Happening[] before, ConvergenceTrial.Happening[] after)
    {
        await using var proxy = new CuttingProxy(cluster.Server);
        using var disturbed = new KubernetesClient(connection.CreateHandler(), proxy.Address);
        var server = new UpsetCluster(cluster, direct, disturbed, proxy, restart, await cluster.CreateNamespaceAsync("trial"));
        try
        {
            await new ConvergenceTrial(server, useWatchList: true).RunAsync(
                [.. before, new ConvergenceTrial.Happening(-1, false, Upset.Restart), .. after], CancellationToken.None);
        }
        catch
        {
            // The others must not wait for this one.
            restart.GiveUp();
            throw;
        }
    }

    private sealed class UpsetCluster(RestartableControlPlane cluster, IKubernetesClient direct, IKubernetesClient disturbed, CuttingProxy proxy, SharedUpset restart, string ns) : IUpsetServer
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
                    await restart.AloneAsync(async () =>
                    {
                        await WriteAsync();
                        await cluster.CompactEtcdAsync();
                    });
                    break;
                case Upset.Restart:
                    await WriteAsync();
                    await restart.TogetherAsync();
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
