using System.Globalization;

namespace Kiban.Kubernetes.Caching;

/// <summary>Order of resource versions within one collection.</summary>
internal static class ResourceVersions
{
    /// <summary>
    /// Whether <paramref name="version"/> is later than <paramref name="reference"/>. Versions of API servers are decimal numbers that grow
    /// (<see href="https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions"/>); any other kind of version counts as later.
    /// </summary>
    public static bool IsAfter(string? version, string? reference) =>
        !ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var left) ||
        !ulong.TryParse(reference, NumberStyles.None, CultureInfo.InvariantCulture, out var right) ||
        left > right;
}
