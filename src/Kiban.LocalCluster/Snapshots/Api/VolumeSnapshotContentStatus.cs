using System.Text.Json.Serialization;

namespace Kiban.LocalCluster.Snapshots.Api;

internal sealed record VolumeSnapshotContentStatus
{
    [JsonPropertyName("snapshotHandle")]
    public string? SnapshotHandle { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    [JsonPropertyName("creationTime")]
    public long? CreationTime { get; init; }

    /// <summary>Bytes.</summary>
    [JsonPropertyName("restoreSize")]
    public long? RestoreSize { get; init; }

    [JsonPropertyName("readyToUse")]
    public bool? ReadyToUse { get; init; }

    [JsonPropertyName("error")]
    public VolumeSnapshotError? Error { get; init; }
}
