using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kiban.Kubernetes.Tests.Caching;

/// <summary>A cache of ConfigMaps at work on a fake server, and the changes it told.</summary>
internal sealed class CacheHarness : IAsyncDisposable
{
    public static readonly RetryBackoff Quick = new() { Initial = TimeSpan.FromMilliseconds(1), Maximum = TimeSpan.FromMilliseconds(20) };

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<string> _changes = [];
    private readonly IDisposable _subscription;
    private Task _running = Task.CompletedTask;

    public CacheHarness(FakeKubernetes server, ResourceCacheOptions<V1ConfigMap>? options = null, TimeProvider? time = null)
    {
        Server = server;
        Cache = new ResourceCache<V1ConfigMap>(server, (options ?? new()) with { Backoff = Quick }, time ?? TimeProvider.System, NullLogger.Instance);
        _subscription = Cache.Subscribe(change =>
        {
            lock (_gate)
                _changes.Add($"{change.Type} {change.Key.Name} {(change.New ?? change.Old)!.Data["x"]}{(change.FinalStateUnknown ? " unseen" : "")}");
        });
    }

    public FakeKubernetes Server { get; }

    public ResourceCache<V1ConfigMap> Cache { get; }

    public string[] Changes
    {
        get
        {
            lock (_gate)
                return [.. _changes];
        }
    }

    public static V1ConfigMap ConfigMap(string name, string x, string ns = "ns", IDictionary<string, string>? labels = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = ns, Labels = labels },
        Data = new Dictionary<string, string> { ["x"] = x },
    };

    public async Task<CacheHarness> StartedAsync()
    {
        Start();
        await Cache.WaitForSyncAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        return this;
    }

    public void Start() => _running = Cache.RunAsync(_stop.Token);

    public void ClearChanges()
    {
        lock (_gate)
            _changes.Clear();
    }

    public Task PutAsync(string name, string x, IDictionary<string, string>? labels = null) =>
        Server.ApplyAsync(ConfigMap(name, x, labels: labels), "test", TestContext.Current.CancellationToken);

    public Task DeleteAsync(string name) => Server.DeleteAsync<V1ConfigMap>(name, "ns", TestContext.Current.CancellationToken);

    public string? Read(string name) => Cache.Find(new NamespacedName("ns", name))?.Data["x"];

    public Task UntilAsync(string name, string? x) => Until.TrueAsync(() => Read(name) == x, $"{name} is to be {x ?? "gone"}");

    /// <summary>Holds the changes told to those expected, once there are as many: readers see a change a moment before subscribers hear of it.</summary>
    public async Task ToldAsync(params string[] expected)
    {
        await Until.TrueAsync(() => Changes.Length >= expected.Length, string.Join(", ", expected));
        Changes.ShouldBe(expected);
    }

    public int RequestCount(string verb) => Server.Requests.ToArray().Count(request => request.Verb == verb);

    /// <summary>Stops the cache and waits until it has.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _subscription.Dispose();
        _stop.Dispose();
        Server.Dispose();
    }
}
