using System.Text.RegularExpressions;
using Kiban.Credentials.Api;

namespace Kiban.Credentials.Validation;

/// <summary>
/// Rules for <see cref="CredentialsApi.Aws.SecretType"/>. Whether the shapes that AWS itself issues are asked for depends on the
/// endpoint: an S3-compatible store hands out key ids and regions of any shape.
/// </summary>
internal static partial class AwsSecretRules
{
    private const int AwsSecretAccessKeyLength = 40;

    public static void Review(SecretData data, DateTimeOffset now, SecretReview review)
    {
        var endpoint = EndpointUrl(data, review);
        // A Secret with a broken endpoint is measured by the wider rules, lest one mistake be reported as three.
        var isAws = !data.Has(CredentialsApi.Aws.EndpointUrlKey) || (endpoint is not null && IsAwsHost(endpoint.Host));

        Keys(data, isAws, review);
        Region(data, isAws, review);
        CertificateBundleRules.Review(data, CredentialsApi.Aws.CaBundleKey, now, review);
    }

    private static void Keys(SecretData data, bool isAws, SecretReview review)
    {
        Require(data, CredentialsApi.Aws.AccessKeyIdKey, "the id of an access key", review);
        Require(data, CredentialsApi.Aws.SecretAccessKeyKey, "the secret of the access key", review);
        var id = TextRules.Word(data, CredentialsApi.Aws.AccessKeyIdKey, 256, review);
        var secret = TextRules.Word(data, CredentialsApi.Aws.SecretAccessKeyKey, 1024, review);
        TextRules.Word(data, CredentialsApi.Aws.SessionTokenKey, 16384, review);
        var hasToken = data.Has(CredentialsApi.Aws.SessionTokenKey);

        if (!isAws)
            return;
        var idField = TextRules.Field(CredentialsApi.Aws.AccessKeyIdKey);
        var tokenField = TextRules.Field(CredentialsApi.Aws.SessionTokenKey);
        if (id is not null && !KeyId().IsMatch(id))
        {
            review.Refuse(idField, $"{TextRules.Count(id)} that are no AWS key id",
                "write AKIA or ASIA and 16 upper-case letters and digits, or add endpoint_url if the key is for an S3-compatible store");
        }
        else if (id is not null && id.StartsWith("ASIA", StringComparison.Ordinal) && !hasToken)
        {
            review.Refuse(tokenField, "nothing, though the key id begins with ASIA, which is a temporary key",
                "add the session token that came with it, or use a long-lived key (AKIA)");
        }
        else if (id is not null && id.StartsWith("AKIA", StringComparison.Ordinal) && hasToken)
        {
            review.Warn(tokenField, "AWS refuses a session token with a long-lived key id (AKIA).");
        }
        if (secret is not null && secret.Length != AwsSecretAccessKeyLength)
        {
            review.Warn(TextRules.Field(CredentialsApi.Aws.SecretAccessKeyKey),
                $"it has {TextRules.Count(secret)}; those that AWS issues have {AwsSecretAccessKeyLength}.");
        }
    }

    private static void Require(SecretData data, string key, string what, SecretReview review)
    {
        if (!data.Has(key))
            review.Refuse(TextRules.Field(key), "nothing", $"this key is required: {what}");
    }

    private static void Region(SecretData data, bool isAws, SecretReview review)
    {
        if (TextRules.Word(data, CredentialsApi.Aws.RegionKey, 64, review) is not { } region)
            return;
        var field = TextRules.Field(CredentialsApi.Aws.RegionKey);
        if (isAws && !AwsRegion().IsMatch(region))
            review.Refuse(field, $"{TextRules.Count(region)} that are no AWS region", "write one like eu-central-1");
        else if (!isAws && !AnyRegion().IsMatch(region))
            review.Refuse(field, $"{TextRules.Count(region)} that are no region name", "write letters, digits, '-', '_' and '.'");
    }

    private static Uri? EndpointUrl(SecretData data, SecretReview review)
    {
        if (TextRules.Word(data, CredentialsApi.Aws.EndpointUrlKey, 2048, review) is not { } text)
            return null;
        var fault = text switch
        {
            _ when !text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) =>
                $"{TextRules.Count(text)} that begin neither with http:// nor with https://",
            _ when !Uri.TryCreate(text, UriKind.Absolute, out _) => $"{TextRules.Count(text)} that are no URL",
            _ when text.Contains('@', StringComparison.Ordinal) => "a URL with a user name or password in it",
            _ when text.Contains('?', StringComparison.Ordinal) || text.Contains('#', StringComparison.Ordinal) => "a URL with a query or fragment",
            _ => null,
        };
        if (fault is null)
            return new Uri(text);
        review.Refuse(TextRules.Field(CredentialsApi.Aws.EndpointUrlKey), fault, "write one like https://s3.example.com:9000");
        return null;
    }

    private static bool IsAwsHost(string host) =>
        host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".amazonaws.com.cn", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".api.aws", StringComparison.OrdinalIgnoreCase);

    // Ids issued now are base32, but AWS's own documentation and old accounts have ids with the other digits.
    [GeneratedRegex("^(AKIA|ASIA)[A-Z0-9]{16}$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyId();

    [GeneratedRegex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", RegexOptions.CultureInvariant)]
    private static partial Regex AwsRegion();

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex AnyRegion();
}
