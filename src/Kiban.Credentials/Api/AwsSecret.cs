using k8s.Models;

namespace Kiban.Credentials.Api;

/// <summary>A Secret that AWS annotations may name; its cache lists only <see cref="CredentialsApi.Aws.SecretType"/>.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Secret", PluralName = "secrets")]
public sealed class AwsSecret : TypedSecret;
