using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;

namespace Kiban.Credentials.Api;

/// <summary>What this part keeps in memory of a ServiceAccount: identity, and the annotations that it reads.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "ServiceAccount", PluralName = "serviceaccounts")]
public sealed class AnnotatedServiceAccount : IKubernetesObject<V1ObjectMeta>
{
    private V1ObjectMeta _metadata = new();

    /// <inheritdoc/>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "v1";

    /// <inheritdoc/>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "ServiceAccount";

    /// <summary>Identity and the annotations of this part; everything else is dropped when it is set.</summary>
    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata
    {
        get => _metadata;
        set => _metadata = MetadataIdentity.Of(
            value, CredentialsApi.Prefix, CredentialsApi.EksRole.Prefix, CredentialsApi.WorkloadIdentity.Prefix);
    }
}
