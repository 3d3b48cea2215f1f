using System.Text.Json.Serialization;

namespace Kiban.Datasets.Api;

/// <summary>Why a snapshot did not work.</summary>
public sealed class VolumeSnapshotError
{
    /// <summary>The driver's words.</summary>
    [JsonPropertyName("message")]
    public string? Message { get; set; }
}
