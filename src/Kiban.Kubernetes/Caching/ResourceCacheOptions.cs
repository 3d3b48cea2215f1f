using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Caching;

/// <summary>What a cache holds, and how it keeps in step. Two requests with equal options share one cache.</summary>
public sealed record ResourceCacheOptions<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Namespace whose objects are held; null: all namespaces, or a cluster-scoped kind.</summary>
    public string? Namespace { get; init; }

    /// <summary>Label selector, such as <c>app=web</c>.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Field selector, such as <c>type=kiban.dev/aws-credentials</c>.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>
    /// What is kept of each object, to save memory: may change the object it is given and return it, or return another. Name, namespace,
    /// UID and resource version must stay. A delegate made once (a static method) lets caches be shared.
    /// </summary>
    public Func<T, T>? Transform { get; init; }

    /// <summary>
    /// Keep <c>metadata.managedFields</c>. Off by default: they are often the larger half of an object, and the server restores them
    /// where an object without them is written back.
    /// </summary>
    public bool KeepManagedFields { get; init; }

    /// <summary>
    /// The kind may be not installed (a custom resource of another program): the cache is then in step and empty, and looks again every
    /// <see cref="AbsenceInterval"/>. Off by default: a kind that has to be there and is not keeps the cache out of step.
    /// </summary>
    public bool IsOptional { get; init; }

    /// <summary>How often a kind that is not installed is looked for, and how long its coming may stay unseen.</summary>
    public TimeSpan AbsenceInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Objects a page while listing.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>
    /// Read the first state through a watch where the server serves that (WatchList, KEP-3157), which costs the server less memory than
    /// a list. A server that refuses is not asked again.
    /// </summary>
    public bool UseWatchList { get; init; } = true;

    /// <summary>
    /// Shortest life of a watch; the real one is drawn between this and twice this, so that the watches of many replicas do not end together.
    /// </summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Time after the end of <see cref="WatchTimeout"/> at which a stream that the server has not ended counts as dead.
    /// </summary>
    public TimeSpan StallGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time one page, or the next of the initial events, may take to arrive.</summary>
    public TimeSpan ListTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Delays after failures.</summary>
    public RetryBackoff Backoff { get; init; } = new();
}
