using Kiban.Credentials.Api;
using Kiban.Credentials.Injection;

namespace Kiban.Credentials.Admission;

/// <summary>Whether a Secret can serve a Pod that names it, and the sentence with the way out where it cannot.</summary>
internal static class SecretUse
{
    public static bool IsUsableForAws(TypedSecret secret) => secret.Type == CredentialsApi.Aws.SecretType
        && secret.Has(CredentialsApi.Aws.RenderedCredentialsKey) && secret.Has(CredentialsApi.Aws.RenderedConfigKey);

    public static bool IsUsableForGcp(TypedSecret secret) =>
        secret.Type == CredentialsApi.Gcp.SecretType && secret.Has(CredentialsApi.Gcp.CredentialsKey);

    public static string? AwsRefusal(string space, SecretReference reference, TypedSecret? secret) =>
        TypeRefusal(space, reference, secret, CredentialsApi.Aws.SecretType,
            $"--from-literal={CredentialsApi.Aws.AccessKeyIdKey}=ID --from-literal={CredentialsApi.Aws.SecretAccessKeyKey}=SECRET")
        ?? KeyRefusal(space, reference, secret!, [CredentialsApi.Aws.AccessKeyIdKey, CredentialsApi.Aws.SecretAccessKeyKey])
        ?? (IsUsableForAws(secret!) ? null : $"{reference.Annotation} names Secret \"{reference.Name}\", which lacks the keys "
            + $"{CredentialsApi.Aws.RenderedCredentialsKey} and {CredentialsApi.Aws.RenderedConfigKey} because it was stored while Kiban did not answer; "
            + "have them written (an immutable Secret has to be created anew) with: "
            + $"kubectl -n {space} annotate secret {reference.Name} {CredentialsApi.Prefix}render=now --overwrite");

    public static string? GcpRefusal(string space, SecretReference reference, TypedSecret? secret) =>
        TypeRefusal(space, reference, secret, CredentialsApi.Gcp.SecretType, $"--from-file={CredentialsApi.Gcp.CredentialsKey}=FILE")
        ?? KeyRefusal(space, reference, secret!, [CredentialsApi.Gcp.CredentialsKey]);

    private static string? TypeRefusal(string space, SecretReference reference, TypedSecret? secret, string type, string keys)
    {
        var create = $"kubectl -n {space} create secret generic {reference.Name} --type={type} {keys}";
        if (secret is null)
            return $"{reference.Annotation} names Secret \"{reference.Name}\", which namespace \"{space}\" does not have; create it with: {create}";
        if (secret.Type == type)
            return null;
        var found = secret.Type.Length == 0 ? "has no type" : $"is of type \"{secret.Type}\"";
        return $"{reference.Annotation} names Secret \"{reference.Name}\", which {found} and not \"{type}\"; "
            + $"types never change, so delete it and create it anew with: {create}";
    }

    private static string? KeyRefusal(string space, SecretReference reference, TypedSecret secret, IEnumerable<string> required)
    {
        var missing = required.Where(key => !secret.Has(key)).ToList();
        return missing.Count == 0
            ? null
            : $"{reference.Annotation} names Secret \"{reference.Name}\" in namespace \"{space}\", which lacks the required {string.Join(" and ", missing)}; add what is missing";
    }
}
