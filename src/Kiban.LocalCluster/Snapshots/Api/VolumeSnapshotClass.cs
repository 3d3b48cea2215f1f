using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Kiban.LocalCluster.Snapshots.Api;

/// <summary>How snapshots are taken by a driver.</summary>
[KubernetesEntity(Group = SnapshotApi.Group, ApiVersion = SnapshotApi.Version, Kind = "VolumeSnapshotClass", PluralName = "volumesnapshotclasses")]
internal sealed class VolumeSnapshotClass : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = $"{SnapshotApi.Group}/{SnapshotApi.Version}";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "VolumeSnapshotClass";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("driver")]
    public string Driver { get; set; } = "";

    [JsonPropertyName("deletionPolicy")]
    public string DeletionPolicy { get; set; } = SnapshotApi.DeletePolicy;
}
