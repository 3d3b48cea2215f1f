using Kiban.Datasets.Api;
using Kiban.Sources;

namespace Kiban.Datasets.Declaring;

/// <summary>Whether the Secrets that a claim names can serve it, and the sentence with the way out where they cannot.</summary>
internal static class SecretRules
{
    private const string Annotation = DatasetsApi.Annotations.Credentials;

    /// <summary>A sentence for each Secret that cannot be used.</summary>
    /// <param name="space">Namespace of the claim.</param>
    /// <param name="request">What the claim asks for.</param>
    /// <param name="secrets">The Secrets it names, in that order; null where there is none of that name.</param>
    public static IEnumerable<string> Mistakes(string space, DatasetRequest request, IReadOnlyList<CredentialSecret?> secrets)
    {
        foreach (var (name, secret) in request.Credentials.Zip(secrets))
        {
            if (secret is null)
                yield return $"{Annotation} names Secret \"{name}\", which namespace \"{space}\" does not have; create it with: {Creation(space, name, request)}";
            else if (!IsTyped(secret))
                yield return $"{Annotation} names Secret \"{name}\", which {Found(secret)} and not \"{DatasetsApi.SecretTypes.Aws}\" or "
                    + $"\"{DatasetsApi.SecretTypes.Gcp}\"; types never change, so delete it and create it anew with: {Creation(space, name, request)}";
        }
        foreach (var type in secrets.OfType<CredentialSecret>().Where(IsTyped).GroupBy(secret => secret.Type).Where(type => type.Count() > 1))
        {
            yield return $"{Annotation} names {string.Join(" and ", type.Select(secret => $"\"{secret.Metadata.Name}\""))}, which are both of type "
                + $"\"{type.Key}\"; at most one of each type is wanted";
        }
    }

    /// <summary>A sentence for each Secret that no source has a use for.</summary>
    public static IEnumerable<string> Warnings(DatasetRequest request, IReadOnlyList<CredentialSecret?> secrets) =>
        from secret in secrets.OfType<CredentialSecret>()
        where IsTyped(secret) && !request.Sources.Any(source => TypeFor(source.Scheme) == secret.Type)
        select $"{Annotation}: Secret \"{secret.Metadata.Name}\" is of type {secret.Type}, which none of the sources uses.";

    private static bool IsTyped(CredentialSecret secret) => secret.Type is DatasetsApi.SecretTypes.Aws or DatasetsApi.SecretTypes.Gcp;

    private static string Found(CredentialSecret secret) => secret.Type.Length == 0 ? "has no type" : $"is of type \"{secret.Type}\"";

    private static string? TypeFor(SourceScheme scheme) => scheme switch
    {
        SourceScheme.S3 => DatasetsApi.SecretTypes.Aws,
        SourceScheme.Gcs => DatasetsApi.SecretTypes.Gcp,
        _ => null,
    };

    private static string Creation(string space, string name, DatasetRequest request)
    {
        var types = request.Sources.Select(source => TypeFor(source.Scheme)).OfType<string>().Distinct().ToList();
        return string.Join(" (or, for Google: ", (types.Count == 1 ? types : [DatasetsApi.SecretTypes.Aws, DatasetsApi.SecretTypes.Gcp])
            .Select(type => $"kubectl -n {space} create secret generic {name} --type={type} {Keys(type)}")) + (types.Count == 1 ? "" : ")");
    }

    private static string Keys(string type) => type == DatasetsApi.SecretTypes.Aws
        ? "--from-literal=aws_access_key_id=ID --from-literal=aws_secret_access_key=SECRET"
        : "--from-file=credentials.json=FILE";
}
