using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kiban.Credentials.Api;
using Kiban.Credentials.Injection;
using Kiban.Kubernetes.Admission;
using Role = Kiban.Credentials.Api.CredentialsApi.EksRole;

namespace Kiban.Credentials.Keyless;

/// <summary>An IAM role by the annotations of the Amazon EKS Pod Identity webhook: the SDK changes a ServiceAccount token for the role's keys.</summary>
internal static partial class EksRole
{
    private const int MinimumExpiration = 600;

    private static readonly string[] Overriding = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"];

    public static CredentialInjection? Read(
        JsonObject pod, AnnotatedServiceAccount serviceAccount, EksRoleOptions options, List<string> mistakes, List<string> warnings)
    {
        var annotations = serviceAccount.Metadata.Annotations;
        if (annotations is null || !annotations.TryGetValue(Role.RoleArnAnnotation, out var arn) || PodDocument.Label(pod, Role.SkipLabel) is not null)
            return null;
        if (!RoleArn().IsMatch(arn))
        {
            mistakes.Add($"annotation {Role.RoleArnAnnotation} of ServiceAccount \"{serviceAccount.Metadata.Name}\" is no role; "
                + "write one like arn:aws:iam::123456789012:role/train");
            return null;
        }
        var expiration = TokenVolume.Expiration(PodDocument.Annotation(pod, Role.TokenExpirationAnnotation),
            annotations.TryGetValue(Role.TokenExpirationAnnotation, out var ofAccount) ? ofAccount : null,
            Role.TokenExpirationAnnotation, options.DefaultTokenExpirationSeconds, MinimumExpiration, warnings);
        var audience = annotations.TryGetValue(Role.AudienceAnnotation, out var named) && named.Trim().Length > 0 ? named : options.DefaultAudience;
        return new CredentialInjection
        {
            Source = $"role \"{arn}\"",
            Volumes = [new InjectedVolume(Role.VolumeName, TokenVolume.Source(audience, expiration), Role.MountPath)],
            Env = Env(arn, IsRegional(serviceAccount, options, warnings), options.DefaultRegion),
            OverridingVariables = Overriding,
            SkippedContainers = TokenVolume.Skipped(PodDocument.Annotation(pod, Role.SkipContainersAnnotation)),
        };
    }

    private static List<InjectedEnv> Env(string arn, bool isRegional, string? region)
    {
        var env = new List<InjectedEnv>();
        if (isRegional)
            env.Add(InjectedEnv.Literal("regional", "AWS_STS_REGIONAL_ENDPOINTS"));
        if (region is not null)
            env.Add(InjectedEnv.Literal(region, "AWS_DEFAULT_REGION", "AWS_REGION"));
        env.Add(new InjectedEnv
        {
            Variables =
            [
                new JsonObject { ["name"] = "AWS_ROLE_ARN", ["value"] = arn },
                new JsonObject { ["name"] = "AWS_WEB_IDENTITY_TOKEN_FILE", ["value"] = $"{Role.MountPath}/{TokenVolume.FileName}" },
            ],
            IsRequired = true,
        });
        return env;
    }

    private static bool IsRegional(AnnotatedServiceAccount serviceAccount, EksRoleOptions options, List<string> warnings)
    {
        if (serviceAccount.Metadata.Annotations?.TryGetValue(Role.RegionalEndpointsAnnotation, out var text) is not true)
            return options.RegionalStsEndpoints;
        if (bool.TryParse(text, out var isRegional))
            return isRegional;
        warnings.Add($"annotation {Role.RegionalEndpointsAnnotation} of the ServiceAccount is neither true nor false.");
        return options.RegionalStsEndpoints;
    }

    [GeneratedRegex(@"^arn:aws[a-z0-9-]*:iam::[0-9]{12}:role/[A-Za-z0-9_/.@+=,-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex RoleArn();
}
