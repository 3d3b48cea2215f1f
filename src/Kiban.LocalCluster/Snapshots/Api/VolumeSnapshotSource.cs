using System.Text.Json.Serialization;

namespace Kiban.LocalCluster.Snapshots.Api;

/// <summary>Exactly one of both.</summary>
internal sealed record VolumeSnapshotSource
{
    [JsonPropertyName("persistentVolumeClaimName")]
    public string? PersistentVolumeClaimName { get; init; }

    [JsonPropertyName("volumeSnapshotContentName")]
    public string? VolumeSnapshotContentName { get; init; }
}
