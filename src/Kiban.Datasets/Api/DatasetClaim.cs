using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;

namespace Kiban.Datasets.Api;

/// <summary>What this part keeps in memory of a PersistentVolumeClaim.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "PersistentVolumeClaim", PluralName = "persistentvolumeclaims")]
public sealed class DatasetClaim : IKubernetesObject<V1ObjectMeta>
{
    private V1ObjectMeta _metadata = new();

    /// <inheritdoc/>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "v1";

    /// <inheritdoc/>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "PersistentVolumeClaim";

    /// <summary>Identity and the annotations of this part; everything else is dropped when it is set.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata
    {
        get => _metadata;
        set => _metadata = MetadataIdentity.Of(value, DatasetsApi.Prefix);
    }

    /// <summary>What is claimed.</summary>
    [JsonPropertyName("spec")]
    public DatasetClaimSpec Spec { get; set; } = new();

    /// <summary>What became of it.</summary>
    [JsonPropertyName("status")]
    public DatasetClaimStatus Status { get; set; } = new();

    /// <summary>Whether it asks to be filled.</summary>
    [JsonIgnore]
    public bool IsDataset => Annotation(DatasetsApi.Annotations.Source) is not null;

    /// <summary>Whether it has a volume.</summary>
    [JsonIgnore]
    public bool IsBound => Status.Phase == "Bound";

    /// <summary>The condition of this part, or null.</summary>
    [JsonIgnore]
    public V1PersistentVolumeClaimCondition? Condition => Status.Conditions?.FirstOrDefault(condition => condition.Type == DatasetsApi.Condition);

    /// <summary>Value of an annotation of this part, or null.</summary>
    public string? Annotation(string key) => Metadata.Annotations is { } all && all.TryGetValue(key, out var value) ? value : null;
}
