using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;

namespace Kiban.Datasets.Api;

/// <summary>
/// What this part keeps in memory of a Pod that it follows: a loader's, or one that waits for data. Its cache lists only those with
/// <see cref="DatasetsApi.RoleLabel"/>.
/// </summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Pod", PluralName = "pods")]
public sealed class DatasetPod : IKubernetesObject<V1ObjectMeta>
{
    private V1ObjectMeta _metadata = new();

    /// <inheritdoc/>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "v1";

    /// <inheritdoc/>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "Pod";

    /// <summary>Identity, this part's annotations and labels, that of Kueue by which it is held back, owners; everything else is dropped when it is set.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata
    {
        get => _metadata;
        set
        {
            _metadata = MetadataIdentity.Of(value, DatasetsApi.Prefix, DatasetsApi.KueueGatedByAnnotation);
            _metadata.OwnerReferences = value?.OwnerReferences;
            _metadata.Labels = value?.Labels?.Where(label => label.Key.StartsWith(DatasetsApi.Prefix, StringComparison.Ordinal)).ToDictionary();
        }
    }

    /// <summary>Where it may run, and what it waits for.</summary>
    [JsonPropertyName("spec")]
    public DatasetPodSpec Spec { get; set; } = new();

    /// <summary>What became of it.</summary>
    [JsonPropertyName("status")]
    public DatasetPodStatus Status { get; set; } = new();

    /// <summary>Whether it is of that role.</summary>
    public bool HasRole(string role) => Label(DatasetsApi.RoleLabel) == role;

    /// <summary>Value of a label of this part, or null.</summary>
    public string? Label(string key) => Metadata.Labels is { } all && all.TryGetValue(key, out var value) ? value : null;

    /// <summary>Who holds it back in Kueue, or null.</summary>
    [JsonIgnore]
    public string? QueueGatedBy => Metadata.Annotations is { } all && all.TryGetValue(DatasetsApi.KueueGatedByAnnotation, out var value) ? value : null;

    /// <summary>Names of the claims it uses, those of its generic ephemeral volumes too.</summary>
    [JsonIgnore]
    public IEnumerable<string> ClaimNames => Spec.Volumes?.Select(volume => volume.ClaimName(Metadata.Name)).OfType<string>() ?? [];

    /// <summary>Whether it holds the scheduling gate of this part.</summary>
    [JsonIgnore]
    public bool IsGated => Spec.SchedulingGates?.Any(gate => gate.Name == DatasetsApi.SchedulingGate) == true;

    /// <summary>Whether all its containers have ended, or it is being deleted.</summary>
    [JsonIgnore]
    public bool IsOver => Status.Phase is "Succeeded" or "Failed" || Metadata.DeletionTimestamp is not null;
}
