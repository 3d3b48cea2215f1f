using System.Text.Json.Serialization;
using k8s.Models;

namespace Kiban.Datasets.Api;

/// <summary>The fields of a Pod's specification that matter to this part.</summary>
public sealed class DatasetPodSpec
{
    /// <summary>Volumes; of other kinds than claims only the name is kept.</summary>
    [JsonPropertyName("volumes")]
    public IList<DatasetPodVolume>? Volumes { get; set; }

    /// <summary>What keeps it from being scheduled.</summary>
    [JsonPropertyName("schedulingGates")]
    public IList<V1PodSchedulingGate>? SchedulingGates { get; set; }

    /// <summary>The node it was given.</summary>
    [JsonPropertyName("nodeName")]
    public string? NodeName { get; set; }

    /// <summary>Labels a node must have.</summary>
    [JsonPropertyName("nodeSelector")]
    public IDictionary<string, string>? NodeSelector { get; set; }

    /// <summary>Further rules about nodes.</summary>
    [JsonPropertyName("affinity")]
    public V1Affinity? Affinity { get; set; }

    /// <summary>Taints it bears.</summary>
    [JsonPropertyName("tolerations")]
    public IList<V1Toleration>? Tolerations { get; set; }

    /// <summary>As whom it runs.</summary>
    [JsonPropertyName("securityContext")]
    public V1PodSecurityContext? SecurityContext { get; set; }
}
