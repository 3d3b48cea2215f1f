using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Queueing;

/// <summary>
/// What this part keeps in memory of a workload that waits in a queue of Kueue: who holds it back, and while this part does, the specifications of its
/// Pods. Each kind is a type of its own, because a type names what is listed.
/// </summary>
internal abstract class QueuedWorkload : IKubernetesObject<V1ObjectMeta>
{
    private V1ObjectMeta _metadata = new();

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata
    {
        get => _metadata;
        set => _metadata = MetadataIdentity.Of(value, DatasetsApi.KueueGatedByAnnotation);
    }

    /// <summary>As it came; dropped by <see cref="Reduce"/>.</summary>
    [JsonPropertyName("spec")]
    public JsonNode? Spec { get; set; }

    /// <summary>The Pods it will have, while this part holds it back.</summary>
    [JsonIgnore]
    public IReadOnlyList<DatasetPodSpec> Pods { get; private set; } = [];

    /// <summary>Value of Kueue's annotation.</summary>
    [JsonIgnore]
    public string? GatedBy => Metadata.Annotations is { } all && all.TryGetValue(DatasetsApi.KueueGatedByAnnotation, out var value) ? value : null;

    /// <summary>Names of the claims that its Pods use; not those that are made for each Pod, for which no Pod can wait outside of itself.</summary>
    [JsonIgnore]
    public IEnumerable<string> ClaimNames => Pods
        .SelectMany(pod => pod.Volumes ?? [])
        .Select(volume => volume.PersistentVolumeClaim?.ClaimName)
        .OfType<string>()
        .Distinct();

    /// <summary>Keeps of the specification what is needed.</summary>
    protected void Reduce()
    {
        if (GatedByAnnotation.HasUs(GatedBy))
            Pods = [.. PodTemplates.In(Spec).Select(spec => spec.Deserialize<DatasetPodSpec>(KubernetesJsonOptions.Default)!)];
        Spec = null;
    }
}
