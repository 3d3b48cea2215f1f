using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Caching;

/// <summary>Owns the caches of a process and runs them for as long as the host runs, on every replica, leading or not.</summary>
public sealed class ResourceCaches(IKubernetesClient client, TimeProvider time, ILoggerFactory loggers) : BackgroundService, IResourceCaches
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, Entry> _entries = [];
    private readonly List<Task> _running = [];
    private CancellationToken? _runningUntil;

    /// <inheritdoc/>
    public bool AreSynced
    {
        get
        {
            lock (_gate)
                return _entries.Values.All(entry => entry.IsSynced());
        }
    }

    /// <inheritdoc/>
    public ResourceCache<T> Get<T>(ResourceCacheOptions<T>? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        options ??= new ResourceCacheOptions<T>();
        lock (_gate)
        {
            // The options' type names the kind, so the options alone are the key.
            if (_entries.TryGetValue(options, out var known))
                return (ResourceCache<T>)known.Cache;
            var cache = new ResourceCache<T>(client, options, time, loggers.CreateLogger<ResourceCache<T>>());
            var entry = new Entry(cache, () => cache.IsSynced, cache.WaitForSyncAsync, cache.RunAsync);
            _entries.Add(options, entry);
            Start(entry);
            return cache;
        }
    }

    /// <inheritdoc/>
    public Task WaitForSyncAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.WhenAll(_entries.Values.Select(entry => entry.WaitForSyncAsync(cancellationToken)).ToArray());
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lock (_gate)
        {
            _runningUntil = stoppingToken;
            foreach (var entry in _entries.Values)
                Start(entry);
        }
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stoppingToken.Register(stopped.SetResult))
            await stopped.Task;
        Task[] running;
        lock (_gate)
            running = [.. _running];
        await Task.WhenAll(running);
    }

    private void Start(Entry entry)
    {
        if (_runningUntil is not { IsCancellationRequested: false } until)
            return;

        // Whoever asks first, in whatever request or reconciliation, must not leave its span or its leadership with a cache that outlives it.
        using (ExecutionContext.SuppressFlow())
            _running.Add(Task.Run(() => entry.RunAsync(until), CancellationToken.None));
    }

    private sealed record Entry(
        object Cache,
        Func<bool> IsSynced,
        Func<CancellationToken, Task> WaitForSyncAsync,
        Func<CancellationToken, Task> RunAsync);
}
