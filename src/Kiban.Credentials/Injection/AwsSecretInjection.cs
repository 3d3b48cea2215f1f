using System.Text.Json.Nodes;
using Kiban.Credentials.Api;
using Aws = Kiban.Credentials.Api.CredentialsApi.Aws;

namespace Kiban.Credentials.Injection;

/// <summary>What a Secret of <see cref="Aws.SecretType"/> puts into a Pod.</summary>
internal static class AwsSecretInjection
{
    private static readonly string[] Overriding =
        ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_PROFILE"];

    /// <param name="secret">Name of the Secret.</param>
    /// <param name="keys">Its keys: they decide which variables there are, never what is in them.</param>
    public static CredentialInjection Of(string secret, IReadOnlyCollection<string> keys)
    {
        var env = new List<InjectedEnv>
        {
            InjectedEnv.Literal($"{Aws.MountPath}/{Aws.RenderedCredentialsKey}", "AWS_SHARED_CREDENTIALS_FILE") with { IsRequired = true },
            InjectedEnv.Literal($"{Aws.MountPath}/{Aws.RenderedConfigKey}", "AWS_CONFIG_FILE") with { IsRequired = true },
        };
        if (keys.Contains(Aws.RegionKey))
            env.Add(InjectedEnv.FromSecret(secret, Aws.RegionKey, "AWS_REGION", "AWS_DEFAULT_REGION"));
        if (keys.Contains(Aws.EndpointUrlKey))
            env.Add(InjectedEnv.FromSecret(secret, Aws.EndpointUrlKey, "AWS_ENDPOINT_URL"));
        if (keys.Contains(Aws.CaBundleKey))
            env.Add(InjectedEnv.Literal(Aws.CaBundlePath, "AWS_CA_BUNDLE"));
        return new CredentialInjection
        {
            Source = $"Secret \"{secret}\"",
            Volumes = [new InjectedVolume(Aws.VolumeName, Volume(secret), Aws.MountPath)],
            Env = env,
            OverridingVariables = Overriding,
        };
    }

    // A projected volume, because its sources can be optional one by one: a CA bundle that is added to the Secret later appears in running
    // Pods together with the config file that names it.
    private static JsonObject Volume(string secret) => new()
    {
        ["projected"] = new JsonObject
        {
            ["defaultMode"] = FileModes.ReadableByAll,
            ["sources"] = new JsonArray(
                new JsonObject
                {
                    ["secret"] = new JsonObject
                    {
                        ["name"] = secret,
                        ["items"] = new JsonArray(Item(Aws.RenderedCredentialsKey), Item(Aws.RenderedConfigKey)),
                    },
                },
                new JsonObject
                {
                    ["secret"] = new JsonObject
                    {
                        ["name"] = secret,
                        ["items"] = new JsonArray(Item(Aws.CaBundleKey)),
                        ["optional"] = true,
                    },
                }),
        },
    };

    private static JsonObject Item(string key) => new() { ["key"] = key, ["path"] = key };
}
