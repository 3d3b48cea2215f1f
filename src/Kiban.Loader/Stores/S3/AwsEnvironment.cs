namespace Kiban.Loader.Stores.S3;

/// <summary>
/// The usual variables (<c>AWS_ACCESS_KEY_ID</c>, …) and then the usual files (<c>~/.aws/credentials</c>, <c>~/.aws/config</c>, with the profile of
/// <c>AWS_PROFILE</c>). Where they hold no key, requests are anonymous. See
/// <see href="https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html"/>.
/// </summary>
internal sealed class AwsEnvironment(Func<string, string?> environment) : IAwsSettingsSource
{
    private AwsSettings? _settings;

    /// <inheritdoc/>
    public AwsSettings Read() => _settings ??= ReadNow();

    /// <inheritdoc/>
    public AwsSettings ReadAgain() => _settings = ReadNow();

    private AwsSettings ReadNow()
    {
        var profile = Variable("AWS_PROFILE") ?? "default";
        var values = ReadProfile(profile);
        var fromVariables = Variable("AWS_ACCESS_KEY_ID") is not null;
        var credential = fromVariables
            ? Key(Variable("AWS_ACCESS_KEY_ID"), Variable("AWS_SECRET_ACCESS_KEY"), Variable("AWS_SESSION_TOKEN"), "the variable AWS_SECRET_ACCESS_KEY")
            : Key(values.GetValueOrDefault("aws_access_key_id"), values.GetValueOrDefault("aws_secret_access_key"), values.GetValueOrDefault("aws_session_token"), $"the profile {profile}");
        if (credential is null && Variable("AWS_PROFILE") is not null)
        {
            throw new StoreException(StoreFailure.BadCredential,
                $"The AWS profile {profile} (AWS_PROFILE) holds no aws_access_key_id; profiles of other kinds are not taken, write the keys into it or into the AWS_* variables.");
        }

        return new AwsSettings
        {
            Credential = credential,
            Origin = credential is null ? Nothing() : fromVariables ? "the AWS_* variables" : $"the AWS profile {profile}",
            Region = Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? values.GetValueOrDefault("region"),
            Endpoint = AwsEndpoint.Parse(
                Variable("AWS_ENDPOINT_URL_S3") ?? Variable("AWS_ENDPOINT_URL") ?? values.GetValueOrDefault("endpoint_url"),
                "AWS_ENDPOINT_URL or the profile's endpoint_url"),
            CertificateBundle = (Variable("AWS_CA_BUNDLE") ?? values.GetValueOrDefault("ca_bundle")) is { } bundle ? ReadText(bundle, "the certificate bundle") : null,
        };
    }

    private string Nothing() => Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is null
        ? "no credential"
        : "no credential; the role that AWS_WEB_IDENTITY_TOKEN_FILE is for is not taken, keys are";

    private static AwsCredential? Key(string? id, string? secret, string? token, string secretsPlace) => (id, secret) switch
    {
        (null, _) => null,
        (_, null) => throw new StoreException(StoreFailure.BadCredential, $"An AWS access key id without its secret was found; {secretsPlace} is wanted too."),
        _ => new AwsCredential(id, secret, token),
    };

    private Dictionary<string, string> ReadProfile(string profile)
    {
        var home = Variable("HOME") is { } directory ? Path.Combine(directory, ".aws") : null;
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Merge(Variable("AWS_CONFIG_FILE") ?? Below("config"), profile == "default" ? "default" : $"profile {profile}");
        Merge(Variable("AWS_SHARED_CREDENTIALS_FILE") ?? Below("credentials"), profile);
        return values;

        string? Below(string name) => home is null ? null : Path.Combine(home, name);

        void Merge(string? path, string section)
        {
            if (path is null || !File.Exists(path))
                return;
            foreach (var (name, value) in ProfileFile.Section(ReadText(path, "the AWS file"), section))
                values[name] = value;
        }
    }

    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

    private static string ReadText(string path, string what)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFailure.BadCredential, $"{char.ToUpperInvariant(what[0])}{what[1..]} {path} cannot be read ({e.GetType().Name}).", inner: e);
        }
    }
}
