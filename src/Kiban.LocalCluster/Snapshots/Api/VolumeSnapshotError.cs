using System.Text.Json.Serialization;

namespace Kiban.LocalCluster.Snapshots.Api;

internal sealed record VolumeSnapshotError
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }

    [JsonPropertyName("time")]
    public DateTime? Time { get; init; }
}
