using System.Net;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Caching;

/// <summary>
/// Keeps a store in step with the server: reads the collection once, then follows its watch, through broken streams, compacted versions
/// and restarted servers. The rules are those of client-go's
/// <see href="https://github.com/kubernetes/client-go/blob/master/tools/cache/reflector.go">reflector</see>.
/// </summary>
internal sealed class Reflector<T>(
    IKubernetesClient client,
    ResourceCacheOptions<T> options,
    ResourceStore<T> store,
    Action onSynced,
    TimeProvider time,
    ILogger logger)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private const string InitialEventsEnd = "k8s.io/initial-events-end";

    // A watch refused this often in a row, for whatever reason, is begun from a new list: the version may be one the server will never
    // know, as after a restore of etcd from a backup.
    private const int RefusalsBeforeListing = 3;

    // An API server that has just started may not know its custom kinds for a moment: no reason to take all their objects for deleted.
    private const int AbsencesBeforeBelieved = 5;

    private static readonly TimeSpan LivedLongEnough = TimeSpan.FromSeconds(5);
    private static readonly ResourceKind Resource = ResourceKind.Of<T>();

    // Where to watch on from; null: nothing is known, read the collection first.
    private string? _version;
    private bool _watchListRefused = !options.UseWatchList;
    private bool _progressed;
    private string? _namespace;
    private bool _isPresent;
    private int _absences;

    /// <summary>Runs until cancelled; no failure ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            _progressed = false;
            var began = time.GetTimestamp();
            var failure = await FollowOnceAsync(cancellationToken);
            if (cancellationToken.IsCancellationRequested)
                return;

            // What counts is that the watch lived: a list that succeeds while every watch fails must not be repeated without pause.
            var hasLived = _progressed || (failure is null && time.GetElapsedTime(began) >= LivedLongEnough);
            if (hasLived)
                failures = 0;
            if (hasLived && failure is null)
                continue;
            TimeSpan delay;
            if (IsAbsence(failure) && !_isPresent)
            {
                (failures, delay) = (0, options.AbsenceInterval);
            }
            else
            {
                failures++;
                delay = options.Backoff.Delay(failures);
                if (failure is KubernetesException { RetryAfter: { } wanted } && wanted > delay)
                    delay = wanted;
                Note(failure, failures, delay);
            }
            try
            {
                await Task.Delay(delay, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }

        void Note(Exception? failure, int failures, TimeSpan delay)
        {
            var reason = failure?.Message ?? "the server ended it at once";
            if (failure is KubernetesException { IsGone: true } or null)
            {
                if (_version is null)
                    CacheLog.VersionGone(logger, Resource);
                return;
            }
            if (failure is KubernetesException refusal && (IsVersionUnknown(refusal) || (failures >= RefusalsBeforeListing && !IsOverload(refusal.Code))))
                _version = null;
            if (_version is not null && failures <= 1)
                CacheLog.WatchBroke(logger, Resource, _version, delay, reason);
            else
                CacheLog.OutOfStep(logger, Resource, failures, delay, reason);
        }
    }

    /// <summary>Reads the collection if need be and follows one watch to its end. Returns what broke it off; null: the server ended it.</summary>
    private async Task<Exception?> FollowOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_version is null && !_watchListRefused && await WatchFromScratchAsync(cancellationToken))
                return null;
            if (_version is null)
                await ListAsync(cancellationToken);
            await WatchAsync(_version!, cancellationToken);
            return null;
        }
        catch (KubernetesException exception) when (exception.IsGone)
        {
            _version = null;
            return exception;
        }
        catch (KubernetesException exception) when (IsAbsence(exception))
        {
            _version = null;
            if (_isPresent && ++_absences < AbsencesBeforeBelieved)
                return exception;
            TakeIn([], "", "absence");
            (_isPresent, _version) = (false, null);
            return exception;
        }
        catch (Exception exception)
        {
            // Whatever happened, a cache that stopped would be worse: the next attempt comes after a pause.
            return exception;
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var (objects, version) = await ReadAllPagesAsync(options.PageSize, cancellationToken)

            // The first page's version was compacted while the rest was read: once more from the start, and then, should the
            // collection be too large for that, in one piece.
            ?? await ReadAllPagesAsync(options.PageSize, cancellationToken)
            ?? await ReadAllPagesAsync(null, cancellationToken)
            ?? throw new InvalidOperationException($"The server ended the list of {Resource} as expired although it was asked for in one piece.");
        TakeIn(objects, version, "list");
    }

    private async Task<(List<T> Objects, string Version)?> ReadAllPagesAsync(int? pageSize, CancellationToken cancellationToken)
    {
        var objects = new List<T>();
        var wanted = new ListOptions { LabelSelector = options.LabelSelector, FieldSelector = options.FieldSelector, Limit = pageSize };
        while (true)
        {
            using var patience = Patience(options.ListTimeout, cancellationToken);
            ObjectPage<T> page;
            try
            {
                page = await client.ListPageAsync<T>(options.Namespace, wanted, patience.Token);
            }
            catch (KubernetesException exception) when (exception.IsGone && wanted.Continue is not null)
            {
                return null;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"a page of {Resource} did not arrive within {options.ListTimeout}");
            }
            objects.EnsureCapacity(objects.Count + page.Items.Count);
            foreach (var item in page.Items)
                objects.Add(Keep(item));
            if (string.IsNullOrEmpty(page.Continue))
                return (objects, page.ResourceVersion);
            wanted = wanted with { Continue = page.Continue };
        }
    }

    /// <summary>Begins with the objects that exist, through the watch itself. False where the server does not serve that.</summary>
    private async Task<bool> WatchFromScratchAsync(CancellationToken cancellationToken)
    {
        var lifetime = WatchLifetime();
        using var patience = Patience(options.ListTimeout, cancellationToken);
        var initial = new Dictionary<NamespacedName, T>();
        try
        {
            await foreach (var change in client.WatchAsync<T>(options.Namespace, Wanted(null, lifetime), patience.Token))
            {
                if (_version is not null)
                {
                    Apply(change);
                    continue;
                }
                patience.CancelAfter(options.ListTimeout);
                switch (change.Type)
                {
                    case WatchEventType.Bookmark when change.Object.Metadata.Annotations?.ContainsKey(InitialEventsEnd) == true:
                        TakeIn(initial.Values, change.Object.Metadata.ResourceVersion, "watch");
                        initial = null!;
                        patience.CancelAfter(lifetime + options.StallGrace);
                        break;
                    case WatchEventType.Added or WatchEventType.Modified:
                        initial[change.Object.Key()] = Keep(change.Object);
                        break;
                    case WatchEventType.Deleted:
                        initial.Remove(change.Object.Key());
                        break;
                    default:
                        break;
                }
            }
            return _version is not null || RefuseWatchList("the stream ended before the initial events did");
        }
        catch (KubernetesException exception) when (_version is null && DoesNotServe(exception.Code))
        {
            return RefuseWatchList(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A server that knows nothing of initial events keeps an ordinary watch open, and their end never comes.
            return _version is null
                ? RefuseWatchList($"the initial events did not end within {options.ListTimeout} of the last one")
                : throw Stalled(lifetime);
        }
    }

    private async Task WatchAsync(string from, CancellationToken cancellationToken)
    {
        var lifetime = WatchLifetime();
        using var patience = Patience(lifetime + options.StallGrace, cancellationToken);
        try
        {
            await foreach (var change in client.WatchAsync<T>(options.Namespace, Wanted(from, lifetime), patience.Token))
                Apply(change);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Stalled(lifetime);
        }
    }

    private void Apply(WatchEvent<T> change)
    {
        _progressed = true;
        var version = change.Object.Metadata.ResourceVersion;

        // A stream that repeats itself must not take the cache back in time.
        if (!ResourceVersions.IsAfter(version, _version))
            return;
        switch (change.Type)
        {
            case WatchEventType.Added or WatchEventType.Modified:
                store.Put(Keep(change.Object));
                break;
            case WatchEventType.Deleted:
                store.Remove(Keep(change.Object));
                break;
            default:
                break;
        }
        _version = version;
    }

    private void TakeIn(IReadOnlyCollection<T> objects, string version, string way)
    {
        store.Replace(objects);
        (_version, _isPresent, _absences) = (version, true, 0);
        CacheLog.Listed(logger, Resource, objects.Count, version, way);
        onSynced();
    }

    private T Keep(T value)
    {
        if (!options.KeepManagedFields)
            value.Metadata.ManagedFields = null;

        // Lists come sorted, so one string serves nearly all objects of a namespace.
        if (value.Metadata.NamespaceProperty == _namespace)
            value.Metadata.NamespaceProperty = _namespace;
        else
            _namespace = value.Metadata.NamespaceProperty;
        if (options.Transform is null)
            return value;
        try
        {
            return options.Transform(value);
        }
        catch (Exception exception)
        {
            CacheLog.TransformFailed(logger, exception, Resource, value.Key());
            return value;
        }
    }

    private WatchOptions Wanted(string? from, TimeSpan lifetime) => new()
    {
        LabelSelector = options.LabelSelector,
        FieldSelector = options.FieldSelector,
        ResourceVersion = from,
        SendInitialEvents = from is null,
        AllowBookmarks = true,
        Timeout = lifetime,
    };

    private TimeSpan WatchLifetime() => options.WatchTimeout * (1 + Random.Shared.NextDouble());

    private LinkedTimeout Patience(TimeSpan patience, CancellationToken cancellationToken) =>
        new LinkedTimeout(patience, time, cancellationToken);

    private bool RefuseWatchList(string reason)
    {
        _watchListRefused = true;
        CacheLog.WatchListRefused(logger, Resource, reason);
        return false;
    }

    // The collection is always there where its kind is served, be it empty.
    private bool IsAbsence(Exception? failure) => options.IsOptional && failure is KubernetesException { IsNotFound: true };

    private static TimeoutException Stalled(TimeSpan lifetime) =>
        new($"the watch of {Resource} was to end by itself after {lifetime} and did not: the connection is dead");

    // 422 from servers that know resourceVersionMatch but not for watches (before 1.27), or whose feature gate is off; the others from
    // servers and proxies that do not take the parameters at all.
    private static bool DoesNotServe(HttpStatusCode code) => code is
        HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed or
        HttpStatusCode.NotAcceptable or HttpStatusCode.NotImplemented;

    private static bool IsOverload(HttpStatusCode code) => code is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    private static bool IsVersionUnknown(KubernetesException exception) =>
        exception.Status?.Details?.Causes?.Any(cause => cause.Reason == "ResourceVersionTooLarge") == true;
}
