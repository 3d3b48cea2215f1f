using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Kiban.LocalCluster.Snapshots.Api;

/// <summary>A snapshot as storage has it.</summary>
[KubernetesEntity(Group = SnapshotApi.Group, ApiVersion = SnapshotApi.Version, Kind = "VolumeSnapshotContent", PluralName = "volumesnapshotcontents")]
internal sealed class VolumeSnapshotContent : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = $"{SnapshotApi.Group}/{SnapshotApi.Version}";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "VolumeSnapshotContent";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public VolumeSnapshotContentSpec Spec { get; set; } = new();

    [JsonPropertyName("status")]
    public VolumeSnapshotContentStatus? Status { get; set; }
}
