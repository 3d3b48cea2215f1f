using Kiban.Datasets.Api;
using Kiban.Kubernetes.Caching;

namespace Kiban.Datasets;

/// <summary>What this part caches; whoever asks with these options shares the cache.</summary>
internal static class DatasetCaches
{
    /// <summary>All claims: a Pod may use any.</summary>
    public static ResourceCacheOptions<DatasetClaim> Claims { get; } = new();

    /// <summary>The Pods that this part follows.</summary>
    public static ResourceCacheOptions<DatasetPod> Pods { get; } = new()
    {
        LabelSelector = $"{DatasetsApi.RoleLabel} in ({DatasetsApi.LoaderRole},{DatasetsApi.ConsumerRole})",
    };
}
