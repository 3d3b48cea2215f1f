using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Tests.Fakes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kiban.Kubernetes.Tests.Caching;

public sealed class ResourceCachesTests : IDisposable
{
    private readonly FakeKubernetes _server = new(TimeProvider.System);
    private readonly ResourceCaches _caches;

    public ResourceCachesTests() => _caches = new ResourceCaches(_server, TimeProvider.System, NullLoggerFactory.Instance);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _caches.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Same_kind_and_options_share_one_watch_and_others_do_not()
    {
        var first = _caches.Get<V1ConfigMap>();
        _caches.Get(new ResourceCacheOptions<V1ConfigMap>()).ShouldBeSameAs(first);
        _caches.Get(new ResourceCacheOptions<V1ConfigMap> { Transform = Stripped }).ShouldBeSameAs(
            _caches.Get(new ResourceCacheOptions<V1ConfigMap> { Transform = Stripped }));
        _caches.Get(new ResourceCacheOptions<V1ConfigMap> { LabelSelector = "app=web" }).ShouldNotBeSameAs(first);
        _caches.Get<V1Secret>().ShouldNotBeNull();

        await _caches.StartAsync(Cancel);
        await _caches.WaitForSyncAsync(Cancel);
        await Until.TrueAsync(() => _server.OpenWatches == 4, "one watch for each");
        await _caches.StopAsync(Cancel);
        _server.OpenWatches.ShouldBe(0);
    }

    [Fact]
    public async Task Cache_asked_for_late_starts_at_once_and_readiness_waits_for_it()
    {
        await _caches.StartAsync(Cancel);
        var check = new CacheSyncHealthCheck(_caches);
        (await StatusAsync()).ShouldBe(HealthStatus.Healthy);

        var release = new TaskCompletionSource();
        _server.BeforeRequest = (_, token) => release.Task.WaitAsync(token);
        var late = _caches.Get<V1ConfigMap>();
        (await StatusAsync()).ShouldBe(HealthStatus.Unhealthy);

        release.SetResult();
        await late.WaitForSyncAsync(Cancel);
        (await StatusAsync()).ShouldBe(HealthStatus.Healthy);
        await _caches.StopAsync(Cancel);

        async Task<HealthStatus> StatusAsync() => (await check.CheckHealthAsync(
            new HealthCheckContext { Registration = new HealthCheckRegistration("caches", check, HealthStatus.Unhealthy, null) }, Cancel)).Status;
    }

    private static V1ConfigMap Stripped(V1ConfigMap value) => value with { Data = null };
}
