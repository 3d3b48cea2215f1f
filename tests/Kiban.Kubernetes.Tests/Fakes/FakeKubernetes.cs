using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Fakes;

/// <summary>
/// An API server in memory: resource versions, optimistic concurrency, consistent paging, watches with history, bookmarks, initial events and
/// compaction, and the faults of networks on demand. <c>ServerContract</c> runs the same tests against it and against the real server.
/// </summary>
internal sealed class FakeKubernetes(TimeProvider time) : IKubernetesClient, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly List<StoredEvent> _history = [];
    private readonly Dictionary<string, List<StoredObject>> _pages = [];
    private long _version = 1000;
    private long _compacted;
    private long _sequence;
    private int _uids;
    private int _openWatches;
    private int _streams;
    private int _hungUpTo;
    private TaskCompletionSource _changed = NewSignal();
    private CancellationTokenSource _connections = new();

    /// <summary>Called before a request reaches the server: may wait (slow), or throw (refused, or lost on the way there).</summary>
    public Func<FakeRequest, CancellationToken, Task> BeforeRequest { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called after the server has done what was asked: may wait, or throw (the answer is lost).</summary>
    public Func<FakeRequest, CancellationToken, Task> AfterRequest { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Whether watches with initial events are served (Kubernetes 1.32 and later) or refused (before).</summary>
    public bool ServesWatchList { get; set; }

    /// <summary>How often each event is sent.</summary>
    public int EventCopies { get; set; } = 1;

    /// <summary>All requests so far, in order.</summary>
    public List<FakeRequest> Requests { get; } = [];

    public Uri Server { get; } = new("https://fake.example/");

    public int OpenWatches => Volatile.Read(ref _openWatches);

    public void Dispose() => _connections.Dispose();

    /// <summary>Breaks every open stream off, in the midst of it.</summary>
    public void CutConnections()
    {
        lock (_gate)
        {
            _connections.Cancel();
            _connections = new CancellationTokenSource();
        }
    }

    /// <summary>From now on the open streams neither bring anything nor end: their connections are dead, and nobody has noticed.</summary>
    public void HangConnections()
    {
        lock (_gate)
            _hungUpTo = ++_streams;
    }

    /// <summary>Forgets all history, as etcd's compaction does: older versions are gone, and pages not yet read with them.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            _compacted = _version;
            _history.Clear();
            _pages.Clear();
        }
    }

    /// <summary>Sends a bookmark on every open stream.</summary>
    public void SendBookmarks()
    {
        lock (_gate)
            Record(new StoredEvent(_version, null, null, null));
    }

    public async Task<T> GetAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await AskAsync<T, T>("get", name, () => (_objects.GetValueOrDefault(PathOf<T>(@namespace, name)) ?? throw NotFound<T>(name)).Read<T>(), cancellationToken);

    public async Task<T?> FindAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await AskAsync<T, T?>("get", name, () => _objects.GetValueOrDefault(PathOf<T>(@namespace, name))?.Read<T>(), cancellationToken);

    public async Task<ObjectPage<T>> ListPageAsync<T>(string? @namespace, ListOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await AskAsync<T, ObjectPage<T>>("list", options.Continue, () => ReadPage<T>(@namespace, options), cancellationToken);

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        string? @namespace, WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var matches = Matcher<T>(@namespace, options.LabelSelector);
        var (version, initial) = await AskAsync<T, (long, List<StoredObject>)>(
            options.SendInitialEvents ? "watchlist" : "watch",
            options.ResourceVersion,
            () =>
            {
                if (options.SendInitialEvents)
                {
                    return ServesWatchList
                        ? (_version, _objects.Values.Where(matches).ToList())
                        : throw Refusal(HttpStatusCode.UnprocessableEntity, "Invalid", "sendInitialEvents: Forbidden", "watch");
                }
                var from = options.ResourceVersion is null ? _version : long.Parse(options.ResourceVersion, null);
                return from < _compacted ? throw Gone() : (from, []);
            },
            cancellationToken);

        CancellationToken connection;
        long seen;
        int stream;
        lock (_gate)
        {
            stream = ++_streams;
            connection = _connections.Token;
            seen = _sequence;
        }
        var catchUp = true;
        using var ended = options.Timeout is { } timeout ? new CancellationTokenSource(timeout, time) : new CancellationTokenSource();
        using var any = CancellationTokenSource.CreateLinkedTokenSource(connection, ended.Token, cancellationToken);
        Interlocked.Increment(ref _openWatches);
        try
        {
            foreach (var value in initial)
                yield return new WatchEvent<T>(WatchEventType.Added, value.Read<T>());
            if (options.SendInitialEvents)
                yield return Bookmark<T>(version, isEnd: true);
            while (true)
            {
                List<StoredEvent> events;
                Task changed;
                bool hangs;
                lock (_gate)
                {
                    hangs = stream <= _hungUpTo;
                    if (version < _compacted && _version > version)
                        throw Gone();
                    events = hangs ? [] : _history.FindAll(change => change.Sequence > seen || (catchUp && change.Version > version && change.Path is not null));
                    changed = _changed.Task;
                }
                catchUp &= hangs;
                foreach (var change in events)
                {
                    version = change.Version;
                    seen = change.Sequence;
                    foreach (var told in Tell<T>(change, matches))
                    {
                        for (var copy = 0; copy < EventCopies; copy++)
                        {
                            ThrowIfCut();
                            yield return told;
                        }
                    }
                }
                try
                {
                    await changed.WaitAsync(any.Token);
                }
                catch (OperationCanceledException)
                {
                    ThrowIfCut();
                }
                if (hangs)
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                if (ended.IsCancellationRequested)
                    yield break;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _openWatches);
        }

        void ThrowIfCut()
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (connection.IsCancellationRequested)
                throw new IOException("The connection was cut.");
        }
    }

    public async Task<T> CreateAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await AskAsync<T, T>("create", value.Metadata.Name, () =>
        {
            var path = PathOf<T>(value.Metadata.NamespaceProperty, value.Metadata.Name);
            if (_objects.ContainsKey(path))
                throw Refusal(HttpStatusCode.Conflict, "AlreadyExists", $"{value.Metadata.Name} already exists", "create");
            return Store(path, null, Copy(value)).Read<T>();
        }, cancellationToken);

    public async Task<T> ReplaceAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await AskAsync<T, T>("update", value.Metadata.Name, () =>
        {
            var path = PathOf<T>(value.Metadata.NamespaceProperty, value.Metadata.Name);
            var old = _objects.GetValueOrDefault(path) ?? throw NotFound<T>(value.Metadata.Name);
            var stated = value.Metadata.ResourceVersion;
            if (!string.IsNullOrEmpty(stated) && stated != old.Version.ToString(null, null))
                throw Refusal(HttpStatusCode.Conflict, "Conflict", "the object has been modified", "update");
            return Store(path, old, Copy(value)).Read<T>();
        }, cancellationToken);

    public async Task<T> ApplyAsync<T>(T value, string fieldManager, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await AskAsync<T, T>("apply", value.Metadata.Name, () =>
        {
            var path = PathOf<T>(value.Metadata.NamespaceProperty, value.Metadata.Name);
            var old = _objects.GetValueOrDefault(path);
            return Store(path, old, Merge(old?.Json, JsonNode.Parse(KubernetesJson.Serialize(value))!.AsObject())).Read<T>();
        }, cancellationToken);

    public async Task<T> PatchAsync<T>(
        string name, string? @namespace, ObjectPatch patch, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await AskAsync<T, T>("patch", name, () =>
        {
            var path = PathOf<T>(@namespace, name);
            var old = _objects.GetValueOrDefault(path) ?? throw NotFound<T>(name);
            return Store(path, old, Merge(old.Json, patch.Body.AsObject())).Read<T>();
        }, cancellationToken);

    public async Task<bool> DeleteAsync<T>(string name, string? @namespace, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await AskAsync<T, bool>("delete", name, () =>
        {
            if (!_objects.Remove(PathOf<T>(@namespace, name), out var old))
                return false;
            var last = old.With(++_version);
            Record(new StoredEvent(_version, old.Path, old, last) { IsDeletion = true });
            return true;
        }, cancellationToken);

    public Task<JsonNode?> SendAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, CancellationToken cancellationToken, string? accept = null) =>
        throw new NotSupportedException("The fake serves typed requests only.");

    private async Task<TAnswer> AskAsync<T, TAnswer>(string verb, string? detail, Func<TAnswer> serve, CancellationToken cancellationToken)
        where T : IKubernetesObject
    {
        var request = new FakeRequest(verb, ResourceKind.Of<T>().Plural, detail);
        await BeforeRequest(request, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        TAnswer answer;
        lock (_gate)
        {
            Requests.Add(request);
            answer = serve();
        }
        await AfterRequest(request, cancellationToken);
        return answer;
    }

    private ObjectPage<T> ReadPage<T>(string? @namespace, ListOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        List<StoredObject> rest;
        var version = _version;
        if (options.Continue is { } token)
        {
            rest = _pages.GetValueOrDefault(token) ?? throw Gone();
            version = long.Parse(token.Split('-')[0], null);
        }
        else
        {
            rest = [.. _objects.Values.Where(Matcher<T>(@namespace, options.LabelSelector))];
        }

        string? next = null;
        var page = rest.Take(options.Limit ?? int.MaxValue).ToList();
        if (page.Count < rest.Count)
        {
            next = $"{version}-{Guid.NewGuid():N}";
            _pages.Add(next, rest[page.Count..]);
        }
        return new ObjectPage<T>(page.ConvertAll(item => item.Read<T>()), version.ToString(null, null), next);
    }

    private StoredObject Store(string path, StoredObject? old, JsonObject value)
    {
        var metadata = value["metadata"]!.AsObject();
        if (old is not null && JsonNode.DeepEquals(Unversioned(old.Json), Unversioned(value)))
            return old;
        metadata["uid"] = old?.Json["metadata"]!["uid"]!.DeepClone() ?? $"uid-{++_uids}";
        metadata["creationTimestamp"] = old?.Json["metadata"]!["creationTimestamp"]?.DeepClone() ?? "2026-01-01T00:00:00Z";
        var stored = new StoredObject(path, 0, value).With(++_version);
        _objects[path] = stored;
        Record(new StoredEvent(_version, path, old, stored));
        return stored;
    }

    private void Record(StoredEvent change)
    {
        _history.Add(change with { Sequence = ++_sequence });
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private static IEnumerable<WatchEvent<T>> Tell<T>(StoredEvent change, Func<StoredObject, bool> matches)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (change.Path is null)
        {
            yield return Bookmark<T>(change.Version, isEnd: false);
            yield break;
        }
        var before = change.Old is { } old && matches(old);
        var after = !change.IsDeletion && matches(change.New!);

        // An object that no longer matches the selector is told as deleted, in its last matching state with the new version.
        if (after)
            yield return new WatchEvent<T>(before ? WatchEventType.Modified : WatchEventType.Added, change.New!.Read<T>());
        else if (before)
            yield return new WatchEvent<T>(WatchEventType.Deleted, change.Old!.With(change.Version).Read<T>());
    }

    private static WatchEvent<T> Bookmark<T>(long version, bool isEnd)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var value = Activator.CreateInstance<T>();
        value.Metadata = new V1ObjectMeta
        {
            ResourceVersion = version.ToString(null, null),
            Annotations = isEnd ? new Dictionary<string, string> { ["k8s.io/initial-events-end"] = "true" } : null,
        };
        return new WatchEvent<T>(WatchEventType.Bookmark, value);
    }

    private static Func<StoredObject, bool> Matcher<T>(string? @namespace, string? labelSelector)
        where T : IKubernetesObject
    {
        var label = labelSelector?.Split('=', 2);
        var kind = ResourceKind.Of<T>().Path() + "/";
        return value => value.Path.StartsWith(kind, StringComparison.Ordinal) &&
            (@namespace is null || (string?)value.Json["metadata"]!["namespace"] == @namespace) &&
            (label is null || (string?)value.Json["metadata"]!["labels"]?[label[0]] == label[1]);
    }

    private static string PathOf<T>(string? @namespace, string name) where T : IKubernetesObject =>
        $"{ResourceKind.Of<T>().Path()}/{@namespace}/{name}";

    private static JsonObject Copy<T>(T value) => JsonNode.Parse(KubernetesJson.Serialize(value))!.AsObject();

    private static JsonNode Unversioned(JsonObject value)
    {
        var copy = value.DeepClone();
        foreach (var field in (string[])["resourceVersion", "uid", "creationTimestamp"])
            copy["metadata"]!.AsObject().Remove(field);
        return copy;
    }

    private static JsonObject Merge(JsonObject? target, JsonObject patch)
    {
        var merged = target?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in patch)
        {
            if (value is null)
                merged.Remove(name);
            else
                merged[name] = value is JsonObject inner ? Merge(merged[name] as JsonObject, inner) : value.DeepClone();
        }
        return merged;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static KubernetesException NotFound<T>(string name) where T : IKubernetesObject =>
        Refusal(HttpStatusCode.NotFound, "NotFound", $"{ResourceKind.Of<T>()} \"{name}\" not found", "get");

    private static KubernetesException Gone() => Refusal(HttpStatusCode.Gone, "Expired", "too old resource version", "list or watch");

    private static KubernetesException Refusal(HttpStatusCode code, string reason, string message, string request) =>
        new(code, new V1Status { Code = (int)code, Reason = reason, Message = message }, request);

    private sealed record StoredObject(string Path, long Version, JsonObject Json)
    {
        public T Read<T>() => KubernetesJson.Deserialize<T>(Json.ToJsonString());

        public StoredObject With(long version)
        {
            var json = Json.DeepClone().AsObject();
            json["metadata"]!["resourceVersion"] = version.ToString(null, null);
            return new StoredObject(Path, version, json);
        }
    }

    private sealed record StoredEvent(long Version, string? Path, StoredObject? Old, StoredObject? New)
    {
        public bool IsDeletion { get; init; }

        public long Sequence { get; init; }
    }
}
