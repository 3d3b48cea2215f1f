using k8s.Models;

namespace Kiban.Kubernetes.Caching;

/// <summary>
/// The part of an object's metadata that a small type of a part's own keeps, so that labels, managed fields and the copy of the whole object
/// that <c>kubectl apply</c> leaves in an annotation never stay in memory.
/// </summary>
public static class MetadataIdentity
{
    // A watch that begins with the objects that exist tells their end by this annotation on a bookmark (KEP-3157).
    private const string InitialEventsEnd = "k8s.io/initial-events-end";

    /// <summary>
    /// Name, namespace, UID and version of an object, when it was made and when its deletion was asked for, and the annotations with one of the
    /// <paramref name="prefixes"/>.
    /// </summary>
    public static V1ObjectMeta Of(V1ObjectMeta? full, params ReadOnlySpan<string> prefixes)
    {
        Dictionary<string, string>? kept = null;
        foreach (var (key, value) in full?.Annotations ?? new Dictionary<string, string>())
        {
            if (key == InitialEventsEnd || HasPrefix(key, prefixes))
                (kept ??= [])[key] = value;
        }
        return new V1ObjectMeta
        {
            Name = full?.Name,
            NamespaceProperty = full?.NamespaceProperty,
            Uid = full?.Uid,
            ResourceVersion = full?.ResourceVersion,
            CreationTimestamp = full?.CreationTimestamp,
            DeletionTimestamp = full?.DeletionTimestamp,
            Annotations = kept,
        };
    }

    private static bool HasPrefix(string key, ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
