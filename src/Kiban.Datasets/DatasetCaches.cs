using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Kubernetes.Caching;

namespace Kiban.Datasets;

/// <summary>What this part caches; whoever asks with these options shares the cache.</summary>
internal static class DatasetCaches
{
    /// <summary>Index of loaders' Jobs by the UID of their claim.</summary>
    public const string JobsByClaim = "claim";

    /// <summary>Index of loaders' Pods by the UID of their claim.</summary>
    public const string LoadersByClaim = "loads";

    /// <summary>Index of waiting Pods by <c>namespace/claim</c>.</summary>
    public const string ConsumersByClaim = "waits-for";

    /// <summary>Index of snapshots by <c>namespace/source key</c>.</summary>
    public const string SnapshotsBySource = "source";

    /// <summary>All claims: a Pod may use any.</summary>
    public static ResourceCacheOptions<DatasetClaim> Claims { get; } = new();

    /// <summary>The Pods that this part follows.</summary>
    public static ResourceCacheOptions<DatasetPod> Pods { get; } = new()
    {
        LabelSelector = $"{DatasetsApi.RoleLabel} in ({DatasetsApi.LoaderRole},{DatasetsApi.ConsumerRole})",
    };

    /// <summary>The loaders' Jobs, without what their Pods are made from.</summary>
    public static ResourceCacheOptions<V1Job> Jobs { get; } = new()
    {
        LabelSelector = $"{DatasetsApi.RoleLabel}={DatasetsApi.LoaderRole}",
        Transform = WithoutTemplate,
    };

    /// <summary>All storage classes.</summary>
    public static ResourceCacheOptions<V1StorageClass> Classes { get; } = new();

    /// <summary>The snapshots that this part made, where the cluster has such a kind.</summary>
    public static ResourceCacheOptions<VolumeSnapshot> Snapshots { get; } = new() { LabelSelector = DatasetsApi.SourceLabel, IsOptional = true };

    /// <summary>All snapshot classes, where the cluster has such a kind.</summary>
    public static ResourceCacheOptions<VolumeSnapshotClass> SnapshotClasses { get; } = new() { IsOptional = true };

    /// <summary>What <see cref="LoadersByClaim"/> files a Pod under.</summary>
    public static IEnumerable<string> LoadedBy(DatasetPod pod) =>
        pod.HasRole(DatasetsApi.LoaderRole) && pod.Label(DatasetsApi.ClaimUidLabel) is { } uid ? [uid] : [];

    /// <summary>What <see cref="ConsumersByClaim"/> files a Pod under.</summary>
    public static IEnumerable<string> WaitsFor(DatasetPod pod) =>
        pod.HasRole(DatasetsApi.ConsumerRole) ? pod.ClaimNames.Select(name => $"{pod.Metadata.NamespaceProperty}/{name}") : [];

    private static V1Job WithoutTemplate(V1Job job)
    {
        if (job.Spec is not null)
            job.Spec.Template = null!;
        return job;
    }
}
