using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Finalizers;

/// <summary>
/// Puts a finalizer on an object and takes it off
/// (<see href="https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/"/>). The list belongs to many writers: it is
/// changed only as it was read (by version and UID), and read again when somebody else was faster. Both may be repeated harmlessly.
/// </summary>
public static class FinalizerExtensions
{
    private const int Tries = 10;

    /// <summary>Whether the object has the finalizer.</summary>
    public static bool HasFinalizer(this IKubernetesObject<V1ObjectMeta> value, string finalizer) =>
        value.Metadata.Finalizers?.Contains(finalizer) == true;

    /// <summary>
    /// Makes sure of the finalizer before anything is done that must be undone. An object that is being deleted takes none any more.
    /// </summary>
    /// <param name="client">The server.</param>
    /// <param name="value">The object as it was read.</param>
    /// <param name="finalizer">A qualified name, such as <c>kiban.dev/dataset</c>.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The object with its finalizer; null when it is gone, replaced by a namesake, or being deleted without having had it.</returns>
    public static Task<T?> AddFinalizerAsync<T>(this IKubernetesClient client, T value, string finalizer, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        client.ChangeFinalizersAsync(
            value,
            current => current.HasFinalizer(finalizer) || current.Metadata.DeletionTimestamp is not null
                ? null
                : [.. current.Metadata.Finalizers ?? [], finalizer],
            current => current.HasFinalizer(finalizer) ? current : null,
            cancellationToken);

    /// <summary>Takes the finalizer off once everything is undone; others' finalizers stay. Done when the object is gone.</summary>
    /// <param name="client">The server.</param>
    /// <param name="value">The object as it was read.</param>
    /// <param name="finalizer">The finalizer.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The object without it; null when it is gone or replaced by a namesake.</returns>
    public static Task<T?> RemoveFinalizerAsync<T>(this IKubernetesClient client, T value, string finalizer, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        client.ChangeFinalizersAsync(
            value,
            current => current.HasFinalizer(finalizer) ? [.. current.Metadata.Finalizers.Where(other => other != finalizer)] : null,
            current => current,
            cancellationToken);

    private static async Task<T?> ChangeFinalizersAsync<T>(
        this IKubernetesClient client, T value, Func<T, string[]?> wanted, Func<T, T?> result, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var current = value;
        for (var tries = 1; ; tries++)
        {
            if (wanted(current) is not { } finalizers)
            {
                return result(current);
            }

            try
            {
                var patch = ObjectPatch.Merge(new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["uid"] = value.Metadata.Uid,
                        ["resourceVersion"] = current.Metadata.ResourceVersion,
                        ["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => JsonValue.Create(finalizer))]),
                    },
                });
                return await client.PatchAsync<T>(value.Metadata.Name, value.Metadata.NamespaceProperty, patch, cancellationToken);
            }
            catch (KubernetesException e) when (e.IsNotFound)
            {
                return null;
            }
            catch (KubernetesException e) when (e.IsConflict && tries < Tries)
            {
                var found = await client.FindAsync<T>(value.Metadata.Name, value.Metadata.NamespaceProperty, cancellationToken);
                if (found is null || found.Metadata.Uid != value.Metadata.Uid)
                {
                    return null;
                }

                current = found;
            }
        }
    }
}
