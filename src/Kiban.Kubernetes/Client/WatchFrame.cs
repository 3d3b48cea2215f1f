using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Client;

/// <summary>One JSON document of a watch stream: <c>{"type": …, "object": …}</c>.</summary>
/// <param name="Type">The type as sent.</param>
/// <param name="Object">The object, for ADDED, MODIFIED, DELETED and BOOKMARK.</param>
/// <param name="Error">The status, for ERROR.</param>
internal sealed record WatchFrame<T>(string Type, T? Object, V1Status? Error)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The typed event; null when this is not one of the four types that carry an object.</summary>
    public WatchEvent<T>? ToEvent() => (Type, Object) switch
    {
        ("ADDED", { } value) => new(WatchEventType.Added, value),
        ("MODIFIED", { } value) => new(WatchEventType.Modified, value),
        ("DELETED", { } value) => new(WatchEventType.Deleted, value),
        ("BOOKMARK", { } value) => new(WatchEventType.Bookmark, value),
        _ => null,
    };
}
