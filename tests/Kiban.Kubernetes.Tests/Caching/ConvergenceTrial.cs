using System.Collections.Concurrent;
using CsCheck;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;
using Kiban.Kubernetes.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Caching;

/// <summary>
/// Writes to a server at random while whatever is between it and a cache goes wrong, and holds the cache, the changes it told and a controller
/// over it to what the server has in the end.
/// </summary>
internal sealed class ConvergenceTrial(IUpsetServer server, bool useWatchList)
{
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<NamespacedName, V1ConfigMap> _mirror = new();
    private int _writes;

    /// <summary>One thing that happens.</summary>
    /// <param name="Name">Number of the object written (<paramref name="Delete"/>: deleted); negative: none.</param>
    /// <param name="Delete">Whether it is deleted.</param>
    /// <param name="Upset">What goes wrong, if anything.</param>
    public sealed record Happening(int Name, bool Delete, Upset? Upset);

    public static Gen<Happening> AnyHappening { get; } = Gen.Frequency(
        (8, Gen.Int[0, 7].Select(name => new Happening(name, false, null))),
        (4, Gen.Int[0, 7].Select(name => new Happening(name, true, null))),
        (2, Gen.Const(new Happening(-1, false, Upset.Cut))),
        (1, Gen.Const(new Happening(-1, false, Upset.Break))),
        (2, Gen.Const(new Happening(-1, false, Upset.Mend))),
        (2, Gen.Const(new Happening(-1, false, Upset.Compact))));

    public async Task RunAsync(IReadOnlyList<Happening> happenings, CancellationToken cancellationToken)
    {
        using var caches = new ResourceCaches(server.Disturbed, TimeProvider.System, NullLoggerFactory.Instance);
        var options = new ResourceCacheOptions<V1ConfigMap>
        {
            Namespace = server.Namespace,
            LabelSelector = "trial=yes",
            PageSize = 3,
            UseWatchList = useWatchList,
            WatchTimeout = TimeSpan.FromSeconds(1),
            Backoff = CacheHarness.Quick,
        };
        var cache = caches.Get(options);
        cache.AddIndex("x", value => [value.Data["x"]]);
        using var subscription = cache.Subscribe(Mirror);
        var reconciler = new FailingReconciler(cache);
        var controller = new Controller(
            new ControllerBuilder("trial").For(options).With(how => how with { MaxConcurrentReconciles = 3 }), reconciler, caches, TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        await caches.StartAsync(cancellationToken);
        var working = controller.RunAsync(stop.Token);
        try
        {
            foreach (var happening in happenings)
                await DoAsync(happening, cancellationToken);
            await server.RecoverAsync();
            var truth = await TruthAsync(cancellationToken);

            await Until.TrueAsync(() => AreEqual(truth, Versions(cache.List())), "the cache equals the server");
            await Until.TrueAsync(() => AreEqual(truth, Versions(_mirror.Values)), "the changes told add up to what the server has");
            await Until.TrueAsync(() => AreEqual(truth, reconciler.LastSeen), "every key was reconciled in its last state");
            foreach (var value in cache.List())
                cache.FindByIndex("x", value.Data["x"]).ShouldContain(value);
            _faults.ShouldBeEmpty();
        }
        finally
        {
            await stop.CancelAsync();
            await working;
            await caches.StopAsync(CancellationToken.None);
        }
    }

    private async Task DoAsync(Happening happening, CancellationToken cancellationToken)
    {
        if (happening.Upset is { } upset)
        {
            await server.UpsetAsync(upset);
            return;
        }
        var name = $"cm-{happening.Name}";

        // A server that was restarted a moment ago refuses for a while: what counts here is that the write is made.
        for (var made = false; !made;)
        {
            try
            {
                if (happening.Delete)
                    await server.Direct.DeleteAsync<V1ConfigMap>(name, server.Namespace, cancellationToken);
                else
                    await server.Direct.ApplyAsync(Value(name), "trial", cancellationToken);
                made = true;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException or KubernetesException)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    private V1ConfigMap Value(string name) =>
        CacheHarness.ConfigMap(name, $"{++_writes}", server.Namespace, new Dictionary<string, string> { ["trial"] = "yes" });

    private void Mirror(ResourceChange<V1ConfigMap> change)
    {
        var before = _mirror.GetValueOrDefault(change.Key);
        var isLegal = change.Type switch
        {
            ResourceChangeType.Added => before is null,
            ResourceChangeType.Updated => ReferenceEquals(before, change.Old) && before!.Metadata.Uid == change.New!.Metadata.Uid && Version(before) < Version(change.New),
            _ => before is not null && before.Metadata.Uid == change.Old!.Metadata.Uid,
        };
        if (!isLegal)
            _faults.Enqueue($"{change.Type} {change.Key} cannot follow {before?.Metadata.ResourceVersion ?? "nothing"}");
        if (change.New is { } now)
            _mirror[change.Key] = now;
        else
            _mirror.TryRemove(change.Key, out _);
    }

    private async Task<Dictionary<string, string>> TruthAsync(CancellationToken cancellationToken) => Versions(
        (await server.Direct.ListPageAsync<V1ConfigMap>(server.Namespace, new ListOptions { LabelSelector = "trial=yes" }, cancellationToken)).Items);

    private static Dictionary<string, string> Versions(IEnumerable<V1ConfigMap> values) =>
        values.ToDictionary(value => value.Metadata.Name, value => value.Metadata.ResourceVersion);

    private static long Version(V1ConfigMap value) => long.Parse(value.Metadata.ResourceVersion, null);

    private static bool AreEqual(Dictionary<string, string> truth, IReadOnlyDictionary<string, string> other) =>
        truth.Count == other.Count && truth.All(pair => other.TryGetValue(pair.Key, out var version) && version == pair.Value);

    /// <summary>Fails every third time; remembers which version of each object it saw last when it succeeded.</summary>
    private sealed class FailingReconciler(ResourceCache<V1ConfigMap> cache) : IReconciler
    {
        private int _calls;

        public ConcurrentDictionary<string, string> LastSeen { get; } = new();

        public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var value = cache.Find(key);
            if (Interlocked.Increment(ref _calls) % 3 == 0)
                throw new InvalidOperationException("every third time");
            if (value is null)
                LastSeen.TryRemove(key.Name, out _);
            else
                LastSeen[key.Name] = value.Metadata.ResourceVersion;
            return ReconcileResult.Done;
        }
    }
}
