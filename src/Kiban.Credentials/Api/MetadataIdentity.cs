using k8s.Models;

namespace Kiban.Credentials.Api;

internal static class MetadataIdentity
{
    // A watch that begins with the objects that exist tells their end by this annotation on a bookmark (KEP-3157).
    private const string InitialEventsEnd = "k8s.io/initial-events-end";

    /// <summary>Name, namespace, UID and version of an object, and the annotations with one of the <paramref name="prefixes"/>.</summary>
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
