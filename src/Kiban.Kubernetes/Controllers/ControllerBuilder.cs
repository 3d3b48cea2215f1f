using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Controllers;

/// <summary>
/// Declares what a controller looks at. What it reconciles (<see cref="For"/>), what it makes (<see cref="Owns"/>) and what else matters
/// (<c>Watches</c>) all lead to keys of the first.
/// </summary>
public sealed class ControllerBuilder
{
    private readonly List<Func<IResourceCaches, IControllerSource>> _sources = [];
    private ResourceKind? _kind;
    private bool _isClusterScoped;

    internal ControllerBuilder(string name) => Name = name;

    /// <summary>Name of the controller in logs and metrics.</summary>
    public string Name { get; }

    internal ControllerOptions Options { get; private set; } = new();

    /// <summary>The kind that is reconciled: every object's key is queued at the start, and when it changes.</summary>
    /// <param name="cache">What is cached of it.</param>
    /// <param name="when">Which changes matter; null: all.</param>
    /// <param name="isClusterScoped">Whether its objects are in no namespace.</param>
    public ControllerBuilder For<T>(ResourceCacheOptions<T>? cache = null, Func<ResourceChange<T>, bool>? when = null, bool isClusterScoped = false)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (_kind is not null)
            throw new InvalidOperationException($"Controller {Name} is for {_kind} already; a controller reconciles one kind.");
        _kind = ResourceKind.Of<T>();
        _isClusterScoped = isClusterScoped;
        return Watches(static value => [value.Key()], cache, when);
    }

    /// <summary>A kind the reconciler makes: a change queues the object whose owner reference says <c>controller: true</c>.</summary>
    /// <param name="cache">What is cached of it.</param>
    /// <param name="when">Which changes matter; null: all.</param>
    public ControllerBuilder Owns<T>(ResourceCacheOptions<T>? cache = null, Func<ResourceChange<T>, bool>? when = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var owner = _kind ?? throw new InvalidOperationException($"Controller {Name} says what it owns before what it is for; call For first.");
        return Watches(value => OwnedObjects.ControllerOf(value, owner, _isClusterScoped), cache, when);
    }

    /// <summary>Another kind that matters: a change queues the keys that <paramref name="map"/> gives, for the object before and after.</summary>
    /// <param name="map">Must return at once; look into caches, not at the server.</param>
    /// <param name="cache">What is cached of it.</param>
    /// <param name="when">Which changes matter; null: all.</param>
    public ControllerBuilder Watches<T>(
        Func<T, IEnumerable<NamespacedName>> map, ResourceCacheOptions<T>? cache = null, Func<ResourceChange<T>, bool>? when = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        _sources.Add(caches => new ControllerSource<T>(caches.Get(cache), map, when));
        return this;
    }

    /// <summary>Another kind that matters, where what it leads to is found in the caches, such as by an index.</summary>
    /// <param name="map">Gives the keys that a change queues, for the object before and after. Must return at once.</param>
    /// <param name="cache">What is cached of it.</param>
    /// <param name="when">Which changes matter; null: all.</param>
    public ControllerBuilder Watches<T>(
        Func<T, IResourceCaches, IEnumerable<NamespacedName>> map, ResourceCacheOptions<T>? cache = null, Func<ResourceChange<T>, bool>? when = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        _sources.Add(caches => new ControllerSource<T>(caches.Get(cache), value => map(value, caches), when));
        return this;
    }

    /// <summary>Keys that the part queues itself.</summary>
    public ControllerBuilder TriggeredBy(ControllerTrigger trigger)
    {
        _sources.Add(_ => trigger.ToSource());
        return this;
    }

    /// <summary>Changes how the controller works.</summary>
    public ControllerBuilder With(Func<ControllerOptions, ControllerOptions> change)
    {
        Options = change(Options);
        return this;
    }

    /// <summary>The sources, over these caches.</summary>
    /// <exception cref="InvalidOperationException">The declaration is incomplete or a setting cannot work.</exception>
    internal IReadOnlyList<IControllerSource> BuildSources(IResourceCaches caches)
    {
        if (_kind is null)
            throw new InvalidOperationException($"Controller {Name} does not say what it is for; call For.");
        if (Options.Validate().ToArray() is { Length: > 0 } faults)
            throw new InvalidOperationException($"Controller {Name}: {string.Join(' ', faults)}");
        return [.. _sources.Select(source => source(caches))];
    }
}
