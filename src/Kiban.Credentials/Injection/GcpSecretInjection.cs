using System.Text.Json.Nodes;
using Kiban.Credentials.Api;
using Gcp = Kiban.Credentials.Api.CredentialsApi.Gcp;

namespace Kiban.Credentials.Injection;

/// <summary>What a Secret of <see cref="Gcp.SecretType"/> puts into a Pod.</summary>
internal static class GcpSecretInjection
{
    /// <param name="secret">Name of the Secret.</param>
    /// <param name="keys">Its keys: they decide which variables there are, never what is in them.</param>
    public static CredentialInjection Of(string secret, IReadOnlyCollection<string> keys)
    {
        const string File = $"{Gcp.MountPath}/{Gcp.CredentialsKey}";
        var env = new List<InjectedEnv>
        {
            InjectedEnv.Literal(File, "GOOGLE_APPLICATION_CREDENTIALS") with { IsRequired = true },
            InjectedEnv.Literal(File, "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE"),
        };
        // A Secret that was written while Kiban did not answer has no rendered key, but may name its project itself.
        var project = keys.Contains(Gcp.RenderedProjectKey) ? Gcp.RenderedProjectKey : keys.Contains(Gcp.ProjectKey) ? Gcp.ProjectKey : null;
        if (project is not null)
            env.Add(InjectedEnv.FromSecret(secret, project, "GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"));
        return new CredentialInjection
        {
            Source = $"Secret \"{secret}\"",
            Volumes = [new InjectedVolume(Gcp.VolumeName, Volume(secret), Gcp.MountPath)],
            Env = env,
        };
    }

    private static JsonObject Volume(string secret) => new()
    {
        ["secret"] = new JsonObject
        {
            ["secretName"] = secret,
            ["defaultMode"] = FileModes.ReadableByAll,
            ["items"] = new JsonArray(new JsonObject { ["key"] = Gcp.CredentialsKey, ["path"] = Gcp.CredentialsKey }),
        },
    };
}
