using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;

namespace Kiban.Credentials.Api;

/// <summary>
/// What this part keeps in memory of a Secret: name, type and names of the keys. Values are skipped while the JSON is read, and of the
/// metadata only identity stays, because <c>kubectl apply</c> keeps a copy of the whole Secret in an annotation.
/// </summary>
public abstract class TypedSecret : IKubernetesObject<V1ObjectMeta>
{
    private V1ObjectMeta _metadata = new();
    private IReadOnlyList<string> _keys = [];

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

    /// <summary>Names of the keys under <c>data</c>.</summary>
    [JsonPropertyName("data")]
    [JsonConverter(typeof(KeyNamesConverter))]
    public IReadOnlyList<string> Keys
    {
        get => _keys;
        set => _keys = value ?? [];
    }

    /// <summary>Whether the Secret has the key.</summary>
    public bool Has(string key) => Keys.Contains(key);
}
