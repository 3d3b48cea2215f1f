using System.Text.Json.Serialization;

namespace Kiban.Datasets.Api;

/// <summary>The claim whose volume is cut.</summary>
public sealed class VolumeSnapshotSource
{
    /// <summary>Its name, in the snapshot's namespace.</summary>
    [JsonPropertyName("persistentVolumeClaimName")]
    public string? PersistentVolumeClaimName { get; set; }
}
