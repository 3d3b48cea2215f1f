using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;

namespace Kiban.Datasets.Api;

/// <summary>How snapshots of a driver's volumes are cut.</summary>
[KubernetesEntity(Group = "snapshot.storage.k8s.io", ApiVersion = "v1", Kind = "VolumeSnapshotClass", PluralName = "volumesnapshotclasses")]
public sealed class VolumeSnapshotClass : IKubernetesObject<V1ObjectMeta>
{
    private const string DefaultPrefix = "snapshot.storage.kubernetes.io/";

    private V1ObjectMeta _metadata = new();

    /// <inheritdoc/>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "snapshot.storage.k8s.io/v1";

    /// <inheritdoc/>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "VolumeSnapshotClass";

    /// <summary>Identity, and whether it is its driver's default.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata
    {
        get => _metadata;
        set => _metadata = MetadataIdentity.Of(value, DefaultPrefix);
    }

    /// <summary>The driver; a StorageClass names it as its provisioner.</summary>
    [JsonPropertyName("driver")]
    public string Driver { get; set; } = "";

    /// <summary>Whether it is its driver's default.</summary>
    [JsonIgnore]
    public bool IsDefault => Metadata.Annotations is { } all && all.TryGetValue(DefaultPrefix + "is-default-class", out var value) && value == "true";
}
