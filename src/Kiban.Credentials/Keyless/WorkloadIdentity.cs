using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Identity = Kiban.Credentials.Api.CredentialsApi.WorkloadIdentity;
using Kiban.Credentials.Api;
using Kiban.Credentials.Injection;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Keyless;

/// <summary>
/// Google's workload identity federation by the annotations of pfnet's webhook, in its direct mode: the <c>external_account</c> file is an
/// annotation that the kubelet writes into a volume, so no init container has to make it.
/// </summary>
internal static partial class WorkloadIdentity
{
    private const int MinimumExpiration = 3600;
    private const string TokenFile = $"{Identity.TokenMountPath}/{TokenVolume.FileName}";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static CredentialInjection? Read(
        JsonObject pod, AnnotatedServiceAccount serviceAccount, WorkloadIdentityOptions options, List<string> mistakes, List<string> warnings)
    {
        var annotations = serviceAccount.Metadata.Annotations;
        if (annotations is null || !annotations.TryGetValue(Identity.ProviderAnnotation, out var provider))
            return null;
        annotations.TryGetValue(Identity.ServiceAccountEmailAnnotation, out var email);
        if (Fault(annotations, provider, email) is { } fault)
        {
            mistakes.Add($"{fault.Annotation} of ServiceAccount \"{serviceAccount.Metadata.Name}\" {fault.Sentence}");
            return null;
        }
        var expiration = TokenVolume.Expiration(PodDocument.Annotation(pod, Identity.TokenExpirationAnnotation),
            annotations.TryGetValue(Identity.TokenExpirationAnnotation, out var ofAccount) ? ofAccount : null,
            Identity.TokenExpirationAnnotation, options.DefaultTokenExpirationSeconds, MinimumExpiration, warnings);
        var audience = annotations.TryGetValue(Identity.AudienceAnnotation, out var named) && named.Trim().Length > 0 ? named : options.DefaultAudience;
        return new CredentialInjection
        {
            Source = $"workload identity of ServiceAccount \"{serviceAccount.Metadata.Name}\"",
            Volumes =
            [
                new InjectedVolume(Identity.TokenVolumeName, TokenVolume.Source(audience, expiration), Identity.TokenMountPath),
                new InjectedVolume(Identity.ConfigVolumeName, ConfigSource(), Identity.ConfigMountPath),
            ],
            Env = Env(email, options.DefaultRegion),
            SkippedContainers = TokenVolume.Skipped(PodDocument.Annotation(pod, Identity.SkipContainersAnnotation)),
            PodAnnotations = new Dictionary<string, string> { [Identity.ExternalCredentialsAnnotation] = ExternalAccount(provider, email) },
        };
    }

    private static (string Annotation, string Sentence)? Fault(IDictionary<string, string> annotations, string provider, string? email)
    {
        if (!Provider().IsMatch(provider))
            return ($"annotation {Identity.ProviderAnnotation}", "is no provider; write projects/N/locations/global/workloadIdentityPools/POOL/providers/PROVIDER");
        if (email is not null && !Email().IsMatch(email))
            return ($"annotation {Identity.ServiceAccountEmailAnnotation}", "is no e-mail address; write one like train@project.iam.gserviceaccount.com");
        if (annotations.TryGetValue(Identity.InjectionModeAnnotation, out var mode) && !mode.Equals("direct", StringComparison.OrdinalIgnoreCase))
            return ($"annotation {Identity.InjectionModeAnnotation}", "asks for a mode that Kiban does not serve; write direct, or leave the annotation out");
        return null;
    }

    private static List<InjectedEnv> Env(string? email, string? region)
    {
        List<InjectedEnv> env =
        [
            InjectedEnv.Literal($"{Identity.ConfigMountPath}/{Identity.ConfigFileName}", "GOOGLE_APPLICATION_CREDENTIALS") with { IsRequired = true },
        ];
        if (region is not null)
            env.Add(InjectedEnv.Literal(region, "CLOUDSDK_COMPUTE_REGION"));
        if (email is not null && ProjectOf().Match(email) is { Success: true } match)
            env.Add(InjectedEnv.Literal(match.Groups[1].Value, "CLOUDSDK_CORE_PROJECT"));
        return env;
    }

    private static JsonObject ConfigSource() => new()
    {
        ["downwardAPI"] = new JsonObject
        {
            ["defaultMode"] = FileModes.ReadableByAll,
            ["items"] = new JsonArray(new JsonObject
            {
                ["path"] = Identity.ConfigFileName,
                ["fieldRef"] = new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["fieldPath"] = $"metadata.annotations['{Identity.ExternalCredentialsAnnotation}']",
                },
            }),
        },
    };

    // Without an e-mail address the federated identity itself is used, which buckets can be shared with directly.
    private static string ExternalAccount(string provider, string? email)
    {
        var file = new JsonObject
        {
            ["type"] = "external_account",
            ["audience"] = $"//iam.googleapis.com/{provider}",
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
            ["token_url"] = "https://sts.googleapis.com/v1/token",
        };
        if (email is not null)
            file["service_account_impersonation_url"] = $"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{email}:generateAccessToken";
        file["credential_source"] = new JsonObject { ["file"] = TokenFile, ["format"] = new JsonObject { ["type"] = "text" } };
        return file.ToJsonString(Plain);
    }

    [GeneratedRegex(@"^projects/[a-z0-9:.-]+/locations/[a-z0-9-]+/workloadIdentityPools/[a-z0-9-]+/providers/[a-z0-9-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Provider();

    [GeneratedRegex(@"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Email();

    [GeneratedRegex(@"@([a-z0-9.-]+)\.iam\.gserviceaccount\.com\z", RegexOptions.CultureInvariant)]
    private static partial Regex ProjectOf();
}
