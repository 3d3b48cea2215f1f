using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Admission.Registration;

/// <summary>
/// A webhook configuration with its webhooks as raw JSON, so that one written by a newer server can be compared with what is wanted field by field.
/// </summary>
internal abstract class WebhookConfiguration : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = null!;

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = null!;

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("webhooks")]
    public JsonArray? Webhooks { get; set; }
}
