using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Kiban.LocalCluster.Snapshots.Api;

/// <summary>A user's wish for a snapshot of a claim, or for a snapshot that exists already.</summary>
[KubernetesEntity(Group = SnapshotApi.Group, ApiVersion = SnapshotApi.Version, Kind = "VolumeSnapshot", PluralName = "volumesnapshots")]
internal sealed class VolumeSnapshot : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = $"{SnapshotApi.Group}/{SnapshotApi.Version}";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "VolumeSnapshot";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public VolumeSnapshotSpec Spec { get; set; } = new();

    [JsonPropertyName("status")]
    public VolumeSnapshotStatus? Status { get; set; }
}
