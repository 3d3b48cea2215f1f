using System.Collections.Concurrent;
using System.Net;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;
using Kiban.Kubernetes.Leases;
using Kiban.Kubernetes.Queueing;
using Kiban.Kubernetes.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Tests.Controllers;

public sealed class ControllerTests : IAsyncDisposable
{
    private readonly FakeKubernetes _server = new(TimeProvider.System);
    private readonly RecordingReconciler _reconciler = new();
    private readonly CollectedLog _log = new();
    private IHost? _host;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _reconciler.Release();
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }
        _server.Dispose();
    }

    [Fact]
    public async Task Everything_that_is_there_is_reconciled_at_the_start_and_what_changes_afterwards()
    {
        await PutAsync("a");
        await PutAsync("b");
        await StartAsync(builder => builder.For<V1ConfigMap>());
        await SeenAsync("a", 1);
        await SeenAsync("b", 1);

        await PutAsync("b", "2");
        await SeenAsync("b", 2);
        await _server.DeleteAsync<V1ConfigMap>("a", "ns", Cancel);
        await SeenAsync("a", 2);
    }

    [Fact]
    public async Task Worker_waits_for_every_cache()
    {
        var release = new TaskCompletionSource();
        _server.BeforeRequest = (request, token) => request.Resource == "secrets" ? release.Task.WaitAsync(token) : Task.CompletedTask;
        await PutAsync("a");
        await StartAsync(builder => builder.For<V1ConfigMap>().Owns<V1Secret>());
        await Until.TrueAsync(() => Caches.Get<V1ConfigMap>().IsSynced, "the first cache in step");
        _reconciler.Seen.ShouldBeEmpty();

        release.SetResult();
        await SeenAsync("a", 1);
    }

    [Fact]
    public async Task Change_of_an_owned_object_reconciles_its_controller_and_no_other_owner()
    {
        await PutAsync("owner");
        await PutAsync("bystander");
        await StartAsync(builder => builder.For<V1ConfigMap>().Owns<V1Secret>());
        await SeenAsync("owner", 1);
        await SeenAsync("bystander", 1);

        await _server.CreateAsync(Owned("child", Reference("owner", true), Reference("bystander", false)), Cancel);
        await SeenAsync("owner", 2);

        // Another owner takes it over: both have to look.
        await _server.ReplaceAsync(Owned("child", Reference("bystander", true)), Cancel);
        await SeenAsync("owner", 3);
        await SeenAsync("bystander", 2);

        static V1Secret Owned(string name, params V1OwnerReference[] owners) => new()
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "ns", OwnerReferences = owners },
        };

        static V1OwnerReference Reference(string name, bool controls) => new() { ApiVersion = "v1", Kind = "ConfigMap", Name = name, Uid = name, Controller = controls };
    }

    [Fact]
    public async Task Mapped_object_reconciles_what_it_is_mapped_to()
    {
        await StartAsync(builder => builder.For<V1ConfigMap>().Watches<V1Secret>(secret => [new NamespacedName("elsewhere", secret.Metadata.Name + "-user")]));
        await _server.CreateAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = "s", NamespaceProperty = "ns" } }, Cancel);

        await Until.TrueAsync(() => _reconciler.Seen.ContainsKey(new NamespacedName("elsewhere", "s-user")), "the mapped key");
    }

    [Fact]
    public async Task Change_that_the_predicate_leaves_out_is_not_reconciled()
    {
        await PutAsync("a");
        await StartAsync(builder => builder.For<V1ConfigMap>(when: ChangePredicates.LabelsChanged));
        await SeenAsync("a", 1);

        await PutAsync("a", "2");
        await PutAsync("b");
        await SeenAsync("b", 1);
        _reconciler.Seen[Key("a")].ShouldBe(1);

        await PutAsync("a", "2", new Dictionary<string, string> { ["new"] = "label" });
        await SeenAsync("a", 2);
    }

    [Fact]
    public void Generation_predicate_passes_specification_and_deletion_but_not_status()
    {
        var old = Pod(1, null);
        ChangePredicates.GenerationChanged(ResourceChange<V1Pod>.Updated(old, Pod(1, null))).ShouldBeFalse();
        ChangePredicates.GenerationChanged(ResourceChange<V1Pod>.Updated(old, Pod(2, null))).ShouldBeTrue();
        ChangePredicates.GenerationChanged(ResourceChange<V1Pod>.Updated(old, Pod(1, DateTime.UnixEpoch))).ShouldBeTrue();
        ChangePredicates.GenerationChanged(ResourceChange<V1Pod>.Added(old)).ShouldBeTrue();
        ChangePredicates.GenerationChanged(ResourceChange<V1Pod>.Deleted(old)).ShouldBeTrue();
        var annotated = Pod(1, null);
        annotated.Metadata.Annotations = new Dictionary<string, string> { ["a"] = "b" };
        var either = ChangePredicates.Any<V1Pod>(ChangePredicates.GenerationChanged, ChangePredicates.AnnotationsChanged);
        either(ResourceChange<V1Pod>.Updated(old, annotated)).ShouldBeTrue();
        ChangePredicates.All<V1Pod>(ChangePredicates.GenerationChanged, ChangePredicates.AnnotationsChanged)(ResourceChange<V1Pod>.Updated(old, annotated)).ShouldBeFalse();

        static V1Pod Pod(long generation, DateTime? deletion) =>
            new() { Metadata = new V1ObjectMeta { Name = "p", Uid = "u", Generation = generation, DeletionTimestamp = deletion } };
    }

    [Fact]
    public async Task Failure_is_logged_once_with_its_scope_and_comes_again_and_conflicts_are_no_errors()
    {
        var failures = new Queue<Exception>(
            [new InvalidOperationException("broken"), new KubernetesException(HttpStatusCode.Conflict, null, "PUT /x")]);
        _reconciler.Do = (_, _) => failures.TryDequeue(out var failure) ? throw failure : Task.FromResult(ReconcileResult.Done);
        await PutAsync("a");
        await StartAsync(builder => builder.For<V1ConfigMap>());

        await SeenAsync("a", 3);

        _log.Lines.Count(line => line.Level == LogLevel.Error).ShouldBe(1);
        var line = _log.Lines.Single(line => line.Level == LogLevel.Error);
        line.Exception!.Message.ShouldBe("broken");
        line.Scope.ShouldContain(KeyValuePair.Create("controller", (object)"test"));
        line.Scope.ShouldContain(KeyValuePair.Create("namespace", (object)"ns"));
        line.Scope.ShouldContain(KeyValuePair.Create("name", (object)"a"));
        line.Scope.Select(pair => pair.Key).ShouldContain("reconcileID");
    }

    [Fact]
    public async Task Reconciliation_that_hangs_is_cancelled_and_comes_again()
    {
        var first = true;
        _reconciler.Do = async (_, token) =>
        {
            if (first)
            {
                first = false;
                await Task.Delay(Timeout.Infinite, token);
            }
            return ReconcileResult.Done;
        };
        await PutAsync("a");
        await StartAsync(builder => builder.For<V1ConfigMap>().With(options => options with { ReconcileTimeout = TimeSpan.FromMilliseconds(50) }));

        await SeenAsync("a", 2);
        _log.Lines.Single(line => line.Level == LogLevel.Error).Exception.ShouldBeOfType<TimeoutException>();
    }

    [Fact]
    public async Task Reconciler_that_wants_to_look_again_later_is_called_later()
    {
        _reconciler.Do = (_, _) => Task.FromResult(new ReconcileResult(TimeSpan.FromMilliseconds(20)));
        await PutAsync("a");
        await StartAsync(builder => builder.For<V1ConfigMap>());

        await SeenAsync("a", 3);
    }

    [Fact]
    public async Task As_many_keys_as_allowed_are_worked_on_at_once_and_one_key_only_once()
    {
        var (now, most) = (0, 0);
        _reconciler.Do = async (_, token) =>
        {
            var busy = Interlocked.Increment(ref now);
            most = Math.Max(most, busy);
            await _reconciler.Released.WaitAsync(token);
            Interlocked.Decrement(ref now);
            return ReconcileResult.Done;
        };
        for (var number = 0; number < 6; number++)
            await PutAsync($"cm-{number}");
        await StartAsync(builder => builder.For<V1ConfigMap>().With(options => options with { MaxConcurrentReconciles = 3 }));
        await Until.TrueAsync(() => _reconciler.Seen.Count == 3, "three keys in work");
        await PutAsync("cm-0", "2");

        _reconciler.Release();
        await Until.TrueAsync(() => _reconciler.Seen.Count == 6, "all keys");
        most.ShouldBe(3);
    }

    [Fact]
    public async Task Controllers_work_only_in_the_replica_that_leads_except_those_of_every_replica()
    {
        await PutAsync("a");
        var everywhere = new EverywhereReconciler();
        var held = await _server.CreateAsync(
            new V1Lease
            {
                Metadata = new V1ObjectMeta { Name = "lease", NamespaceProperty = "ns" },
                Spec = new V1LeaseSpec { HolderIdentity = "another", LeaseDurationSeconds = 3600 },
            },
            Cancel);
        await StartAsync(
            builder => builder.For<V1ConfigMap>(),
            services => services
                .AddSingleton(everywhere)
                .AddController<EverywhereReconciler>("everywhere", builder => builder.For<V1ConfigMap>().With(options => options with { NeedsLeadership = false }))
                .AddLeaderElection(_ => new LeaderElectionOptions
                {
                    Name = "lease",
                    Namespace = "ns",
                    LeaseDuration = TimeSpan.FromSeconds(5),
                    RenewDeadline = TimeSpan.FromSeconds(3),
                    RetryPeriod = TimeSpan.FromMilliseconds(50),
                }));
        await Until.TrueAsync(() => everywhere.Leaderships.Count == 1, "the controller of every replica");
        _reconciler.Seen.ShouldBeEmpty();

        held.Spec.HolderIdentity = null;
        await _server.ReplaceAsync(held, Cancel);
        await SeenAsync("a", 1);
        _reconciler.Leaderships.ShouldAllBe(leadership => leadership != null && leadership.IsHeld);
        everywhere.Leaderships.ShouldAllBe(leadership => leadership == null);

        // Stopped, it gives the lease back.
        await _host!.StopAsync(Cancel);
        (await _server.GetAsync<V1Lease>("lease", "ns", Cancel)).Spec.HolderIdentity.ShouldBeNull();
    }

    [Fact]
    public void Declaration_that_makes_no_sense_is_refused()
    {
        Should.Throw<InvalidOperationException>(() => new ControllerBuilder("c").Owns<V1Secret>()).Message.ShouldContain("call For first");
        Should.Throw<InvalidOperationException>(() => new ControllerBuilder("c").For<V1Secret>().For<V1ConfigMap>()).Message.ShouldContain("secrets already");
        Should.Throw<InvalidOperationException>(() => new ControllerBuilder("c").BuildSources(null!)).Message.ShouldContain("call For");
        Should.Throw<InvalidOperationException>(() => new ControllerBuilder("c").For<V1Secret>()
            .With(options => options with { MaxConcurrentReconciles = 0, Queue = new QueueOptions { RetryBurst = 0 } }).BuildSources(null!))
            .Message.ShouldSatisfyAllConditions(text => text.ShouldContain("MaxConcurrentReconciles is 0"), text => text.ShouldContain("RetryBurst is 0"));
    }

    private IResourceCaches Caches => _host!.Services.GetRequiredService<IResourceCaches>();

    private static NamespacedName Key(string name) => new("ns", name);

    private Task SeenAsync(string name, int times) => Until.TrueAsync(
        () => _reconciler.Seen.GetValueOrDefault(Key(name)) >= times, $"{name} reconciled {times} times");

    private Task<V1ConfigMap> PutAsync(string name, string x = "1", IDictionary<string, string>? labels = null) =>
        _server.ApplyAsync(Caching.CacheHarness.ConfigMap(name, x, labels: labels), "test", Cancel);

    private async Task StartAsync(Action<ControllerBuilder> declare, Action<IServiceCollection>? more = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(_log);
        builder.Services
            .AddSingleton<IKubernetesClient>(new FencedKubernetesClient(_server))
            .AddSingleton(_reconciler)
            .AddController<RecordingReconciler>("test", declare);
        more?.Invoke(builder.Services);
        _host = builder.Build();
        await _host.StartAsync(Cancel);
    }

    private class RecordingReconciler : IReconciler
    {
        private readonly TaskCompletionSource _release = new();

        public ConcurrentDictionary<NamespacedName, int> Seen { get; } = new();

        public ConcurrentBag<LeadershipToken?> Leaderships { get; } = [];

        public Task Released => _release.Task;

        public Func<NamespacedName, CancellationToken, Task<ReconcileResult>> Do { get; set; } = (_, _) => Task.FromResult(ReconcileResult.Done);

        public void Release() => _release.TrySetResult();

        public Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
        {
            Leaderships.Add(LeadershipToken.Current);
            Seen.AddOrUpdate(key, 1, (_, times) => times + 1);
            return Do(key, cancellationToken);
        }
    }

    private sealed class EverywhereReconciler : RecordingReconciler;
}
