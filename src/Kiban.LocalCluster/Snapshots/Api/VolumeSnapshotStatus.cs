using System.Text.Json.Serialization;

namespace Kiban.LocalCluster.Snapshots.Api;

internal sealed record VolumeSnapshotStatus
{
    [JsonPropertyName("boundVolumeSnapshotContentName")]
    public string? BoundVolumeSnapshotContentName { get; init; }

    [JsonPropertyName("creationTime")]
    public DateTime? CreationTime { get; init; }

    [JsonPropertyName("readyToUse")]
    public bool? ReadyToUse { get; init; }

    /// <summary>A quantity in bytes.</summary>
    [JsonPropertyName("restoreSize")]
    public string? RestoreSize { get; init; }

    [JsonPropertyName("error")]
    public VolumeSnapshotError? Error { get; init; }
}
