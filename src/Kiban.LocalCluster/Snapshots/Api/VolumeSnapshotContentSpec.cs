using System.Text.Json.Serialization;
using k8s.Models;

namespace Kiban.LocalCluster.Snapshots.Api;

internal sealed record VolumeSnapshotContentSpec
{
    [JsonPropertyName("deletionPolicy")]
    public string DeletionPolicy { get; init; } = SnapshotApi.DeletePolicy;

    [JsonPropertyName("driver")]
    public string Driver { get; init; } = "";

    [JsonPropertyName("source")]
    public VolumeSnapshotContentSource Source { get; init; } = new();

    [JsonPropertyName("sourceVolumeMode")]
    public string? SourceVolumeMode { get; init; }

    [JsonPropertyName("volumeSnapshotClassName")]
    public string? VolumeSnapshotClassName { get; init; }

    [JsonPropertyName("volumeSnapshotRef")]
    public V1ObjectReference VolumeSnapshotRef { get; init; } = new();
}
