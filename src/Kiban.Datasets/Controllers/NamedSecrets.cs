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
        List<CredentialSecret?> secrets = [];
        foreach (var name in request.Credentials)
            secrets.Add(await objects.FindSecretAsync(space, name, cancellationToken));
        var version = LoadKey.Digest(secrets.Select(secret => secret is null ? "" : $"{secret.Metadata.Uid}/{secret.Metadata.ResourceVersion}"));
        var mistakes = SecretRules.Mistakes(space, request, secrets).ToList();
        return new NamedSecrets(version, mistakes.Count == 0 ? null : string.Join("; and ", mistakes));
    }
}
