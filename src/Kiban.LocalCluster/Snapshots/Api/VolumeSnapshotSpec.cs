using System.Text.Json.Serialization;

namespace Kiban.LocalCluster.Snapshots.Api;

internal sealed record VolumeSnapshotSpec
{
    [JsonPropertyName("source")]
    public VolumeSnapshotSource Source { get; init; } = new();

    [JsonPropertyName("volumeSnapshotClassName")]
    public string? VolumeSnapshotClassName { get; init; }
}
