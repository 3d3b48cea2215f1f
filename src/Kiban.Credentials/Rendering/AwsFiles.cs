using System.Text;
using Kiban.Credentials.Api;
using Kiban.Credentials.Validation;

namespace Kiban.Credentials.Rendering;

/// <summary>
/// The two files that every AWS SDK and tool reads
/// (<see href="https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"/>), with the profile <c>default</c>.
/// They are made of values that passed <see cref="AwsSecretRules"/>, so no value can end a line and begin another setting.
/// </summary>
internal static class AwsFiles
{
    /// <summary>The shared credentials file.</summary>
    public static string Credentials(SecretData data) => Profile(
        ("aws_access_key_id", Text(data, CredentialsApi.Aws.AccessKeyIdKey)),
        ("aws_secret_access_key", Text(data, CredentialsApi.Aws.SecretAccessKeyKey)),
        ("aws_session_token", Text(data, CredentialsApi.Aws.SessionTokenKey)));

    /// <summary>The config file.</summary>
    public static string Config(SecretData data) => Profile(
        ("region", Text(data, CredentialsApi.Aws.RegionKey)),
        ("endpoint_url", Text(data, CredentialsApi.Aws.EndpointUrlKey)),
        ("ca_bundle", data.Has(CredentialsApi.Aws.CaBundleKey) ? CredentialsApi.Aws.CaBundlePath : null));

    private static string Profile(params ReadOnlySpan<(string Name, string? Value)> settings)
    {
        var text = new StringBuilder("[default]\n");
        foreach (var (name, value) in settings)
        {
            if (value is not null)
                text.Append(name).Append(" = ").Append(value).Append('\n');
        }
        return text.ToString();
    }

    private static string? Text(SecretData data, string key) => data.TryGetText(key, out var text) ? text : null;
}
