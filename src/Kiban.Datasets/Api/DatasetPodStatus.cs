using System.Text.Json.Serialization;
using k8s.Models;

namespace Kiban.Datasets.Api;

/// <summary>The fields of a Pod's status that matter to this part.</summary>
public sealed class DatasetPodStatus
{
    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</summary>
    [JsonPropertyName("phase")]
    public string? Phase { get; set; }

    /// <summary>Whether it is scheduled, and the condition of this part.</summary>
    [JsonPropertyName("conditions")]
    public IList<V1PodCondition>? Conditions { get; set; }

    /// <summary>Its containers; the loader has one.</summary>
    [JsonPropertyName("containerStatuses")]
    public IList<V1ContainerStatus>? ContainerStatuses { get; set; }

    /// <summary>Why it was evicted, where it was.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; set; }

    /// <summary>More of that.</summary>
    [JsonPropertyName("message")]
    public string? Message { get; set; }
}
