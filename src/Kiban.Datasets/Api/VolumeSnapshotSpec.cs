using System.Text.Json.Serialization;

namespace Kiban.Datasets.Api;

/// <summary>What a snapshot is cut from.</summary>
public sealed class VolumeSnapshotSpec
{
    /// <summary>Class; null for the driver's default.</summary>
    [JsonPropertyName("volumeSnapshotClassName")]
    public string? VolumeSnapshotClassName { get; set; }

    /// <summary>The claim.</summary>
    [JsonPropertyName("source")]
    public VolumeSnapshotSource Source { get; set; } = new();
}
