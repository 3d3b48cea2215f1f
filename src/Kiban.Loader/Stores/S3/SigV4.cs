using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Kiban.Loader.Stores.S3;

/// <summary>
/// Signature version 4 of requests without a body, by header
/// (<see href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"/>). Safe for use by many tasks at once.
/// </summary>
internal sealed class SigV4
{
    /// <summary>SHA-256 of nothing.</summary>
    private const string EmptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Algorithm = "AWS4-HMAC-SHA256";

    private SigningKey? _key;

    /// <summary>
    /// Signs the request: its address, method and the headers <c>host</c> and <c>x-amz-*</c>, which proxies leave as they are, and those named.
    /// </summary>
    /// <param name="request">The request; its address is sent as it is written, and its query is in order.</param>
    /// <param name="credential">The key.</param>
    /// <param name="region">The bucket's region.</param>
    /// <param name="time">Now, by the server's clock.</param>
    /// <param name="alsoSigned">Other headers to sign, in lower case.</param>
    public void Sign(HttpRequestMessage request, AwsCredential credential, string region, DateTimeOffset time, params ReadOnlySpan<string> alsoSigned)
    {
        var stamp = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var date = stamp[..8];
        request.Headers.Add("x-amz-content-sha256", EmptyPayload);
        request.Headers.Add("x-amz-date", stamp);
        if (credential.SessionToken is { } token)
            request.Headers.Add("x-amz-security-token", token);

        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = request.Headers.Host ?? request.RequestUri!.Authority };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
#pragma warning disable CA1308 // The canonical form is lower case.
            var lower = name.ToLowerInvariant();
#pragma warning restore CA1308
            if (lower.StartsWith("x-amz-", StringComparison.Ordinal) || alsoSigned.Contains(lower))
                signed[lower] = values.ToString();
        }

        var names = string.Join(';', signed.Keys);
        var canonical = new StringBuilder(512)
            .Append(request.Method.Method).Append('\n')
            .Append(request.RequestUri!.AbsolutePath).Append('\n')
            .Append(CanonicalQuery(request.RequestUri.Query)).Append('\n');
        foreach (var (name, value) in signed)
            canonical.Append(name).Append(':').Append(value.Trim()).Append('\n');
        canonical.Append('\n').Append(names).Append('\n').Append(EmptyPayload);

        var scope = $"{date}/{region}/s3/aws4_request";
        var toSign = $"{Algorithm}\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        var signature = Hex(Hmac(KeyFor(credential, date, region), toSign));
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"{Algorithm} Credential={credential.AccessKeyId}/{scope},SignedHeaders={names},Signature={signature}");
    }

    /// <summary>Parameters stand in order in the addresses made here; one without a value still has its equals sign.</summary>
    private static string CanonicalQuery(string query) => query.Length <= 1
        ? ""
        : string.Join('&', query[1..].Split('&').Select(part => part.Contains('=', StringComparison.Ordinal) ? part : part + "="));

    /// <summary>The key of a day: four hashes that need not be computed for every request.</summary>
    private byte[] KeyFor(AwsCredential credential, string date, string region)
    {
        if (_key is { } known && known.Date == date && known.Region == region && known.Credential.IsSameAs(credential))
            return known.Bytes;
        var bytes = Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + credential.SecretAccessKey), date), region), "s3"), "aws4_request");
        _key = new SigningKey(credential, date, region, bytes);
        return bytes;
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private sealed class SigningKey(AwsCredential credential, string date, string region, byte[] bytes)
    {
        public AwsCredential Credential => credential;

        public string Date => date;

        public string Region => region;

        public byte[] Bytes => bytes;
    }
}
