using System.Text.Json.Serialization;

namespace Kiban.LocalCluster.Snapshots.Api;

/// <summary>Exactly one of both: a volume that a snapshot is to be taken of, or a snapshot that exists.</summary>
internal sealed record VolumeSnapshotContentSource
{
    [JsonPropertyName("volumeHandle")]
    public string? VolumeHandle { get; init; }

    [JsonPropertyName("snapshotHandle")]
    public string? SnapshotHandle { get; init; }
}
