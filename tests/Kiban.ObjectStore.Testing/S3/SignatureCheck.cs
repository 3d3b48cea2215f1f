using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kiban.ObjectStore.Testing.Serving;
using Microsoft.AspNetCore.Http;

namespace Kiban.ObjectStore.Testing.S3;

/// <summary>
/// Checks signatures of version 4 (<see href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"/>). Written from
/// the page and not from the loader's signing, so that one finds the other's mistakes.
/// </summary>
internal sealed class SignatureCheck(ConcurrentDictionary<string, AccessKey> keys, TimeProvider time)
{
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(15);

    /// <summary>The error that S3 would answer; null where the signature is right.</summary>
    public (int Status, string Code, string Message)? Check(ObjectRequest request, string region)
    {
        var header = request.Http.Headers.Authorization.ToString();
        const string Algorithm = "AWS4-HMAC-SHA256 ";
        if (!header.StartsWith(Algorithm, StringComparison.Ordinal))
            return (StatusCodes.Status400BadRequest, "InvalidArgument", "Authorization of an unsupported type.");
        var fields = header[Algorithm.Length..].Split(',').Select(field => field.Trim().Split('=', 2)).ToDictionary(field => field[0], field => field[1]);
        if (fields["Credential"].Split('/') is not [var id, var date, var signedRegion, "s3", "aws4_request"])
            return (StatusCodes.Status400BadRequest, "AuthorizationHeaderMalformed", "The credential is malformed.");
        if (!keys.TryGetValue(id, out var key))
            return (StatusCodes.Status403Forbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
        if (signedRegion != region)
            return (StatusCodes.Status400BadRequest, "AuthorizationHeaderMalformed", $"the region '{signedRegion}' is wrong; expecting '{region}'");

        var stamp = request.Http.Headers["x-amz-date"].ToString();
        if (!DateTimeOffset.TryParseExact(stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sent)
            || !stamp.StartsWith(date, StringComparison.Ordinal) || (sent - time.GetUtcNow()).Duration() > AllowedSkew)
        {
            return (StatusCodes.Status403Forbidden, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.");
        }

        var names = fields["SignedHeaders"].Split(';');
        if (!names.Contains("host") || request.Http.Headers.Keys.Any(name => IsToBeSigned(name) && !names.Contains(name.ToLowerInvariant())))
            return (StatusCodes.Status403Forbidden, "AccessDenied", "There were headers present in the request which were not signed.");
        var canonical = $"{request.Http.Method}\n{request.Target.Path}\n{CanonicalQuery(request.Target)}\n"
            + string.Concat(names.Select(name => $"{name}:{request.Http.Headers[name].ToString().Trim()}\n"))
            + $"\n{fields["SignedHeaders"]}\n{request.Http.Headers["x-amz-content-sha256"]}";
        var toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{date}/{signedRegion}/s3/aws4_request\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signingKey = new[] { date, signedRegion, "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + key.Secret), Hmac);
        if (Hex(Hmac(signingKey, toSign)) != fields["Signature"])
            return (StatusCodes.Status403Forbidden, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.");
        if (key.SessionToken is not null && request.Http.Headers["x-amz-security-token"] != key.SessionToken)
            return (StatusCodes.Status400BadRequest, "InvalidToken", "The provided token is malformed or otherwise invalid.");
        if (key.IsExpired)
            return (StatusCodes.Status400BadRequest, "ExpiredToken", "The provided token has expired.");
        return key.IsDenied ? (StatusCodes.Status403Forbidden, "AccessDenied", "Access Denied") : null;
    }

    private static bool IsToBeSigned(string name) => name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase);

    private static string CanonicalQuery(RequestTarget target) => string.Join('&', target.Query
        .Select(part => (Name: Uri.EscapeDataString(RequestTarget.Decode(part.Name)), Value: Uri.EscapeDataString(RequestTarget.Decode(part.Value))))
        .OrderBy(part => part.Name, StringComparer.Ordinal).ThenBy(part => part.Value, StringComparer.Ordinal)
        .Select(part => $"{part.Name}={part.Value}"));

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
