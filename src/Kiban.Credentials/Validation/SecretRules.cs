using System.Text.Json.Nodes;
using Kiban.Credentials.Api;

namespace Kiban.Credentials.Validation;

/// <summary>Reviews a Secret of one of this part's types.</summary>
/// <param name="options">What is allowed beyond the defaults.</param>
/// <param name="time">Tells whether certificates have expired.</param>
internal sealed class SecretRules(CredentialsOptions options, TimeProvider time)
{
    private static readonly string[] AwsKeys =
    [
        CredentialsApi.Aws.AccessKeyIdKey, CredentialsApi.Aws.SecretAccessKeyKey, CredentialsApi.Aws.SessionTokenKey,
        CredentialsApi.Aws.RegionKey, CredentialsApi.Aws.EndpointUrlKey, CredentialsApi.Aws.CaBundleKey,
    ];

    private static readonly string[] GcpKeys = [CredentialsApi.Gcp.CredentialsKey, CredentialsApi.Gcp.ProjectKey];

    private const int MostUnknownKeys = 10;

    private readonly GcpSecretRules _gcp = new(options);

    /// <summary>The type of a Secret, where it is one of ours; null otherwise.</summary>
    public static string? TypeOf(JsonObject secret) =>
        secret["type"] is JsonValue type && type.TryGetValue<string>(out var text)
            && text is CredentialsApi.Aws.SecretType or CredentialsApi.Gcp.SecretType
            ? text
            : null;

    /// <summary>The keys that a user may write into a Secret of the type.</summary>
    public static IReadOnlyList<string> InputKeys(string type) => type == CredentialsApi.Aws.SecretType ? AwsKeys : GcpKeys;

    /// <summary>The keys that Kiban writes into it.</summary>
    public static IReadOnlyList<string> RenderedKeys(string type) => type == CredentialsApi.Aws.SecretType
        ? [CredentialsApi.Aws.RenderedCredentialsKey, CredentialsApi.Aws.RenderedConfigKey]
        : [CredentialsApi.Gcp.RenderedProjectKey];

    public SecretReview Review(string type, SecretData data)
    {
        var review = new SecretReview();
        if (type == CredentialsApi.Aws.SecretType)
            AwsSecretRules.Review(data, time.GetUtcNow(), review);
        else
            _gcp.Review(data, review);
        WarnOfUnknownKeys(type, data, review);
        return review;
    }

    private static void WarnOfUnknownKeys(string type, SecretData data, SecretReview review)
    {
        var known = InputKeys(type);
        foreach (var key in data.Keys.Except(known).Except(RenderedKeys(type)).Take(MostUnknownKeys))
        {
            review.Warn(TextRules.Field(key), TextRules.Nearest(key, known) is { } nearest
                ? $"Kiban does not know this key; did you mean \"{nearest}\"?"
                : $"Kiban does not know this key; it knows {string.Join(", ", known)}.");
        }
    }
}
