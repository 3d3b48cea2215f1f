using System.Text.Json.Serialization;

namespace Kiban.Datasets.Api;

/// <summary>What became of a snapshot.</summary>
public sealed class VolumeSnapshotStatus
{
    /// <summary>Whether claims can be filled from it.</summary>
    [JsonPropertyName("readyToUse")]
    public bool? ReadyToUse { get; set; }

    /// <summary>When it was cut.</summary>
    [JsonPropertyName("creationTime")]
    public DateTime? CreationTime { get; set; }

    /// <summary>Smallest claim that can be filled from it, a quantity.</summary>
    [JsonPropertyName("restoreSize")]
    public string? RestoreSize { get; set; }

    /// <summary>Why it did not work, lately.</summary>
    [JsonPropertyName("error")]
    public VolumeSnapshotError? Error { get; set; }
}
