using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;

namespace Kiban.Kubernetes.Controllers;

/// <summary>
/// Which changes a controller looks at; use them as the <c>when</c> of <see cref="ControllerBuilder"/>. Additions and deletions always pass:
/// the former are also how a controller that starts hears of what is there. Rules of controller-runtime's
/// <see href="https://github.com/kubernetes-sigs/controller-runtime/blob/main/pkg/predicate/predicate.go">predicates</see>.
/// </summary>
public static class ChangePredicates
{
    /// <summary>
    /// The specification changed (<c>metadata.generation</c>, which a request to delete raises as well): changes of status and metadata are left out.
    /// Not for kinds without generation, such as Secrets and ConfigMaps.
    /// </summary>
    public static bool GenerationChanged<T>(ResourceChange<T> change)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        change is not { Old: { } old, New: { } now } ||
        old.Metadata.Generation != now.Metadata.Generation ||
        old.Metadata.DeletionTimestamp != now.Metadata.DeletionTimestamp;

    /// <summary>A label was set, changed or removed.</summary>
    public static bool LabelsChanged<T>(ResourceChange<T> change)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        change is not { Old: { } old, New: { } now } || !AreEqual(old.Metadata.Labels, now.Metadata.Labels);

    /// <summary>An annotation was set, changed or removed.</summary>
    public static bool AnnotationsChanged<T>(ResourceChange<T> change)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        change is not { Old: { } old, New: { } now } || !AreEqual(old.Metadata.Annotations, now.Metadata.Annotations);

    /// <summary>Passes what one of them passes.</summary>
    public static Func<ResourceChange<T>, bool> Any<T>(params Func<ResourceChange<T>, bool>[] predicates)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        change => predicates.Any(predicate => predicate(change));

    /// <summary>Passes what all of them pass.</summary>
    public static Func<ResourceChange<T>, bool> All<T>(params Func<ResourceChange<T>, bool>[] predicates)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        change => predicates.All(predicate => predicate(change));

    private static bool AreEqual(IDictionary<string, string>? left, IDictionary<string, string>? right) =>
        (left?.Count ?? 0) == (right?.Count ?? 0) &&
        (left is null || left.All(pair => right!.TryGetValue(pair.Key, out var value) && value == pair.Value));
}
