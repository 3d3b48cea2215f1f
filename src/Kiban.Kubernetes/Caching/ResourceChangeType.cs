namespace Kiban.Kubernetes.Caching;

/// <summary>What happened to an object of a cache.</summary>
public enum ResourceChangeType
{
    /// <summary>It came into the cache: it was created, or began to match the selector, or was there when the subscription began.</summary>
    Added,

    /// <summary>It is another version of the same object (same UID).</summary>
    Updated,

    /// <summary>It left the cache: it was deleted, or no longer matches the selector.</summary>
    Deleted,
}
