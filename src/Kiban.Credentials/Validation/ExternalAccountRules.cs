using System.Text.RegularExpressions;

namespace Kiban.Credentials.Validation;

/// <summary>
/// Rules for an <c>external_account</c> file (<see href="https://google.aip.dev/auth/4117"/>): tokens go to Google's hosts only, and
/// where the Pod's own token comes from is nothing that runs a program or reads from an attacker's choice of places.
/// </summary>
internal sealed partial class ExternalAccountRules(CredentialsOptions options)
{
    private static readonly string[] TokenTypes =
    [
        "urn:ietf:params:oauth:token-type:jwt",
        "urn:ietf:params:oauth:token-type:id_token",
        "urn:ietf:params:oauth:token-type:saml2",
        "urn:ietf:params:aws:token-type:aws4_request",
        "urn:ietf:params:oauth:token-type:mtls",
    ];

    public void Review(JsonFields file)
    {
        const string WantedAudience = "write //iam.googleapis.com/projects/N/locations/global/workloadIdentityPools/POOL/providers/PROVIDER";
        if (file.Word("audience", required: true, WantedAudience) is { } audience && !Audience().IsMatch(audience))
            file.Refuse("audience", $"{TextRules.Count(audience)} of another shape", WantedAudience);

        const string WantedTokenType = "write urn:ietf:params:oauth:token-type:jwt, or the type that the provider was made for";
        if (file.Word("subject_token_type", required: true, WantedTokenType) is { } tokenType && !TokenTypes.Contains(tokenType))
            file.Refuse("subject_token_type", $"an unknown token type of {TextRules.Count(tokenType)}", WantedTokenType);

        ReviewGoogleUrl(file, "token_url", "sts", required: true, "https://sts.googleapis.com/v1/token");
        ReviewGoogleUrl(file, "token_info_url", "sts", required: false, "https://sts.googleapis.com/v1/introspect");
        ReviewGoogleUrl(file, "service_account_impersonation_url", "iamcredentials", required: false,
            "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/EMAIL:generateAccessToken");
        ReviewUniverse(file);
        if (file.Object("credential_source", required: true, "say where the Pod's token is, such as {\"file\": \"/var/run/secrets/…/token\"}") is { } source)
            ReviewSource(source);
    }

    private void ReviewUniverse(JsonFields file)
    {
        const string Wanted = "leave it out, or write googleapis.com";
        if (file.Word("universe_domain", required: false, Wanted) is { } universe
            && universe != "googleapis.com" && !GoogleEndpoint.IsAllowed($"sts.{universe}", options.AllowedGoogleHosts))
        {
            file.Refuse("universe_domain", $"{TextRules.Count(universe)} that name another cloud",
                $"{Wanted}; an administrator can allow its hosts ({CredentialsOptions.AllowedGoogleHostsSetting})");
        }
    }

    private void ReviewSource(JsonFields source)
    {
        if (source.Has("executable"))
        {
            source.Refuse("executable", "a program to run", "use a file source: whoever writes the Secret could run anything in every Pod that names it");
            return;
        }
        // All that is there, not the first: libraries differ in which one they prefer.
        if (source.Has("environment_id"))
            ReviewAwsSource(source);
        else if (source.Has("url"))
            ReviewGoogleUrl(source, "url", null, required: true, "a URL of Google's, or use a file source");
        else if (!source.Has("file"))
            source.Refuse("file", "nothing (nor a url, nor an environment_id)", "say where the Pod's token is, such as /var/run/secrets/…/token");
        if (source.Has("file"))
            ReviewFileSource(source);
        ReviewFormat(source);
    }

    private void ReviewFileSource(JsonFields source)
    {
        var wanted = $"write an absolute path below one of {string.Join(", ", options.AllTokenFileDirectories)}";
        if (source.Text("file", required: true, wanted) is not { } path)
            return;
        if (!path.StartsWith('/'))
            source.Refuse("file", "a path that is not absolute", wanted);
        else if (path.Any(char.IsControl) || path.Split('/').Any(segment => segment is "." or ".."))
            source.Refuse("file", "a path with '.', '..' or control characters in it", wanted);
        else if (!options.AllTokenFileDirectories.Any(directory => path.StartsWith(directory.TrimEnd('/') + "/", StringComparison.Ordinal)))
            source.Refuse("file", "a path elsewhere", $"{wanted} ({CredentialsOptions.TokenFileDirectoriesSetting})");
    }

    private static void ReviewAwsSource(JsonFields source)
    {
        if (source.Word("environment_id", required: true, "write aws1") is { } environment && environment != "aws1")
            source.Refuse("environment_id", $"{TextRules.Count(environment)} that name no known environment", "write aws1");
        foreach (var name in (string[])["region_url", "url", "imdsv2_session_token_url"])
        {
            const string Wanted = "write a URL of the instance metadata service, http://169.254.169.254/latest/…";
            if (source.Word(name, required: false, Wanted) is { } text && !MetadataUrl().IsMatch(text))
                source.Refuse(name, $"{TextRules.Count(text)} that are no such URL", Wanted);
        }
        const string WantedVerification = "write https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15";
        if (source.Word("regional_cred_verification_url", required: true, WantedVerification) is { } verification && !VerificationUrl().IsMatch(verification))
            source.Refuse("regional_cred_verification_url", $"{TextRules.Count(verification)} that are no such URL", WantedVerification);
    }

    private static void ReviewFormat(JsonFields source)
    {
        const string Wanted = "write {\"type\": \"text\"}, or {\"type\": \"json\", \"subject_token_field_name\": \"…\"}";
        if (source.Object("format", required: false, Wanted) is not { } format)
            return;
        var type = format.Word("type", required: false, Wanted);
        if (type is not (null or "text" or "json"))
            format.Refuse("type", $"an unknown format of {TextRules.Count(type)}", Wanted);
        else if (type == "json")
            format.Word("subject_token_field_name", required: true, Wanted);
    }

    private void ReviewGoogleUrl(JsonFields fields, string name, string? service, bool required, string example)
    {
        var wanted = $"write {example}";
        if (fields.Word(name, required, wanted) is not { } text)
            return;
        if (GoogleEndpoint.Fault(text) is { } fault)
        {
            fields.Refuse(name, fault, wanted);
            return;
        }
        var host = new Uri(text).Host;
        var isGoogles = service is null ? GoogleEndpoint.IsGoogleHost(host) : GoogleEndpoint.IsServiceHost(host, service);
        if (!isGoogles && !GoogleEndpoint.IsAllowed(host, options.AllowedGoogleHosts))
        {
            fields.Refuse(name, "a URL whose host is not Google's",
                $"{wanted}; an administrator can allow other hosts ({CredentialsOptions.AllowedGoogleHostsSetting})");
        }
    }

    [GeneratedRegex(@"^//iam\.googleapis\.com/(projects/[a-z0-9:.-]+/locations/[a-z0-9-]+/workloadIdentityPools/[a-z0-9-]{4,32}|locations/[a-z0-9-]+/workforcePools/[a-z0-9-]{6,63})/providers/[a-z0-9-]{4,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Audience();

    [GeneratedRegex(@"^http://(169\.254\.169\.254|\[fd00:ec2::254\])/latest/[A-Za-z0-9/_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex MetadataUrl();

    [GeneratedRegex(@"^https://sts\.(\{region\}|[a-z0-9-]+)\.amazonaws\.com(\.cn)?/?\?Action=GetCallerIdentity&Version=2011-06-15\z", RegexOptions.CultureInvariant)]
    private static partial Regex VerificationUrl();
}
