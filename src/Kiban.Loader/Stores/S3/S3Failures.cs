using System.Net;
using Kiban.Loader.Stores.Connections;

namespace Kiban.Loader.Stores.S3;

/// <summary>What S3's refusals mean.</summary>
internal static class S3Failures
{
    /// <summary>Whether another key, or the same one read anew, may be what helps.</summary>
    public static bool IsOfCredential(HttpStatusCode status, string code) => code switch
    {
        "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" or "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "AccessDenied" => true,
        "" => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden,
        _ => false,
    };

    /// <summary>The exception that a refusal becomes.</summary>
    /// <param name="status">Status of the answer.</param>
    /// <param name="error">Its document.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="name">What was asked for, in words.</param>
    /// <param name="origin">Where the key came from.</param>
    /// <param name="retryAfter">How long the server asks to be left alone.</param>
    public static StoreException Of(HttpStatusCode status, S3Error error, S3Request request, string name, string origin, TimeSpan? retryAfter)
    {
        var isObject = request.Key.Length > 0;
        var said = $"{(int)status}{(error.Code.Length > 0 ? " " + ServerText.Clean(error.Code) : "")}: {ServerText.Clean(error.Message)}";
        return (error.Code, (int)status) switch
        {
            ("NoSuchBucket", _) => New(StoreFailure.SourceNotFound, $"There is no bucket of {name} ({said})."),
            ("NoSuchKey" or "NoSuchVersion", _) or ("", 404) when isObject => RangeAnswer.Changed(name, "it is gone"),
            (_, 412) or ("PreconditionFailed", _) when request.IfMatch is not null => RangeAnswer.Changed(name, "it has another ETag"),
            (_, 416) or ("InvalidRange", _) when request.Range is not null => RangeAnswer.Changed(name, "it is shorter"),
            ("InvalidObjectState", _) => New(StoreFailure.Unreadable, $"{name} is in an archive and has to be restored first ({said})."),
            ("InvalidRequest", 400) when error.Message.Contains("Server Side Encryption", StringComparison.OrdinalIgnoreCase) =>
                New(StoreFailure.Unreadable, $"{name} is encrypted with a key of its owner (SSE-C), which cannot be given ({said})."),
            _ when error.Code.StartsWith("KMS.", StringComparison.Ordinal) =>
                New(StoreFailure.Unreadable, $"{name} is encrypted with a key of KMS that cannot be used now ({said})."),
            ("SlowDown" or "RequestLimitExceeded" or "Throttling" or "ThrottlingException" or "TooManyRequests", _) or (_, 429) =>
                New(StoreFailure.Throttled, $"The store of {name} asks to go slower ({said})."),
            ("RequestTimeTooSkewed", _) => New(StoreFailure.AccessDenied, $"The store of {name} finds this machine's clock wrong ({said})."),
            _ when IsOfCredential(status, error.Code) || status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                New(StoreFailure.AccessDenied, $"{name} may not be read with {origin} ({said})."),
            (_, 404) => New(StoreFailure.SourceNotFound, $"There is no {name} ({said})."),
            (_, 408 or 307) or (_, >= 500 and not 501) => New(StoreFailure.Unavailable, $"The store of {name} cannot answer now ({said})."),
            _ => New(StoreFailure.Unsupported, $"The store of {name} refuses the request ({said})."),
        };

        StoreException New(StoreFailure failure, string message) => new(failure, message, retryAfter);
    }
}
