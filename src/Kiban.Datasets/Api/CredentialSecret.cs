using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;

namespace Kiban.Datasets.Api;

/// <summary>A Secret as far as this part looks at it: that it exists, and its type. Values are skipped while the JSON is read.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Secret", PluralName = "secrets")]
public sealed class CredentialSecret : IKubernetesObject<V1ObjectMeta>
{
    private V1ObjectMeta _metadata = new();

    /// <inheritdoc/>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "v1";

    /// <inheritdoc/>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "Secret";

    /// <summary>Identity only; everything else is dropped when it is set.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata
    {
        get => _metadata;
        set => _metadata = MetadataIdentity.Of(value);
    }

    /// <summary>Type of the Secret; the server keeps it as it was at creation.</summary>
    [JsonPropertyName("type")]
    public string Type { get; set; } = "";
}
