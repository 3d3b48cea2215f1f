using k8s.Models;
using Kiban.Kubernetes.Caching;

namespace Kiban.Kubernetes.Tests.Documentation;

/// <summary>What the part keeps in memory.</summary>
internal static class TeamCaches
{
    /// <summary>Index of <see cref="Namespaces"/> by size.</summary>
    public const string BySize = "size";

    public static ResourceCacheOptions<V1Namespace> Namespaces { get; } = new() { LabelSelector = TeamsApi.SizeLabel, Transform = Identity };

    public static ResourceCacheOptions<V1ConfigMap> Sizes { get; } = new() { FieldSelector = "metadata.name=" + TeamsApi.SizesName };

    public static ResourceCacheOptions<V1ResourceQuota> Quotas { get; } = new() { FieldSelector = "metadata.name=" + TeamsApi.QuotaName };

    // Everything but what the rules read is dropped before it is kept: memory goes with what is left.
    private static V1Namespace Identity(V1Namespace value)
    {
        value.Spec = null;
        value.Status = null;
        value.Metadata.Annotations = null;
        return value;
    }
}
