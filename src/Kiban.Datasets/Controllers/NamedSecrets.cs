using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;

namespace Kiban.Datasets.Controllers;

/// <summary>The Secrets that a claim names, as they are now.</summary>
/// <param name="Version">Fingerprint of all of them: another one after any change.</param>
/// <param name="Problem">What is wrong with them, one sentence; null when they can be used.</param>
internal sealed record NamedSecrets(string Version, string? Problem)
{
    /// <summary>Looks them up on the server.</summary>
    public static async Task<NamedSecrets> FindAsync(DatasetObjects objects, string space, DatasetRequest request, CancellationToken cancellationToken)
    {
        List<string> versions = [];
        string? problem = null;
        foreach (var name in request.Credentials)
        {
            var secret = await objects.FindSecretAsync(space, name, cancellationToken);
            versions.Add(secret is null ? "" : $"{secret.Metadata.Uid}/{secret.Metadata.ResourceVersion}");
            problem ??= secret is null
                ? $"{DatasetsApi.Annotations.Credentials} names Secret \"{name}\", which namespace \"{space}\" does not have"
                : secret.Type is DatasetsApi.SecretTypes.Aws or DatasetsApi.SecretTypes.Gcp
                    ? null
                    : $"{DatasetsApi.Annotations.Credentials} names Secret \"{name}\", which is of type \"{secret.Type}\" and not {DatasetsApi.SecretTypes.Aws} or {DatasetsApi.SecretTypes.Gcp}";
        }
        return new NamedSecrets(LoadKey.Digest(versions), problem);
    }
}
