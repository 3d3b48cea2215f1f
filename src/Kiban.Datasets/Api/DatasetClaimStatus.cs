using System.Text.Json.Serialization;
using k8s.Models;

namespace Kiban.Datasets.Api;

/// <summary>The fields of a claim's status that matter to this part.</summary>
public sealed class DatasetClaimStatus
{
    /// <summary><c>Pending</c>, <c>Bound</c> or <c>Lost</c>.</summary>
    [JsonPropertyName("phase")]
    public string? Phase { get; set; }

    /// <summary>All conditions, those of the resizer too.</summary>
    [JsonPropertyName("conditions")]
    public IList<V1PersistentVolumeClaimCondition>? Conditions { get; set; }
}
