using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Events;

/// <summary>
/// Tells what happened to an object, where <c>kubectl describe</c> shows it. Never waits and never fails: events are for people, and no
/// work depends on them.
/// </summary>
public interface IEventRecorder
{
    /// <summary>Records an event.</summary>
    /// <param name="regarding">The object it is about: name, namespace and UID must be there.</param>
    /// <param name="type">Whether somebody may have to look at it.</param>
    /// <param name="reason">Why, in one CamelCase word that programs can rely on, such as <c>SecretNotFound</c>; at most 128 characters.</param>
    /// <param name="action">What was done or tried, in one CamelCase word, such as <c>Inject</c>; at most 128 characters.</param>
    /// <param name="message">One sentence for people, cut at 1024 bytes. Never a secret's value, nor an error's text that may quote one.</param>
    void Record<T>(T regarding, EventType type, string reason, string action, string message)
        where T : IKubernetesObject<V1ObjectMeta>;
}
