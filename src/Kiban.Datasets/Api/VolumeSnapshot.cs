using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;

namespace Kiban.Datasets.Api;

/// <summary>
/// A snapshot of a claim's volume
/// (<see href="https://kubernetes.io/docs/concepts/storage/volume-snapshots/"/>); its cache lists only those that this part made.
/// </summary>
[KubernetesEntity(Group = "snapshot.storage.k8s.io", ApiVersion = "v1", Kind = "VolumeSnapshot", PluralName = "volumesnapshots")]
public sealed class VolumeSnapshot : IKubernetesObject<V1ObjectMeta>
{
    private V1ObjectMeta _metadata = new();

    /// <inheritdoc/>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "snapshot.storage.k8s.io/v1";

    /// <inheritdoc/>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "VolumeSnapshot";

    /// <summary>Identity, and this part's annotations and labels.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata
    {
        get => _metadata;
        set
        {
            _metadata = MetadataIdentity.Of(value, DatasetsApi.Prefix);
            _metadata.Labels = value?.Labels;
        }
    }

    /// <summary>What is cut.</summary>
    [JsonPropertyName("spec")]
    public VolumeSnapshotSpec Spec { get; set; } = new();

    /// <summary>What became of it.</summary>
    [JsonPropertyName("status")]
    public VolumeSnapshotStatus? Status { get; set; }

    /// <summary>Whether claims can be filled from it.</summary>
    [JsonIgnore]
    public bool IsReady => Status is { ReadyToUse: true, Error: null } && Metadata.DeletionTimestamp is null;

    /// <summary>Whether what is written to the volume from now on is not in it.</summary>
    [JsonIgnore]
    public bool IsCut => Status is { CreationTime: not null } or { ReadyToUse: true };
}
