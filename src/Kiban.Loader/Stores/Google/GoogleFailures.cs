using System.Net;
using Kiban.Loader.Stores.Connections;

namespace Kiban.Loader.Stores.Google;

/// <summary>What refusals of Google Cloud Storage mean (<see href="https://cloud.google.com/storage/docs/json_api/v1/status-codes"/>).</summary>
internal static class GoogleFailures
{
    /// <summary>Whether another token may be what helps.</summary>
    public static bool IsOfCredential(HttpStatusCode status, ErrorAnswer error) =>
        status == HttpStatusCode.Unauthorized || (status == HttpStatusCode.Forbidden && !IsThrottling(error));

    /// <summary>Whether the bucket's requesters pay, and nobody was named who does.</summary>
    public static bool AsksForPayer(HttpStatusCode status, ErrorAnswer error) =>
        status == HttpStatusCode.BadRequest && error.Error?.Message?.Contains("requester pays", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The exception that a refusal becomes.</summary>
    /// <param name="status">Status of the answer.</param>
    /// <param name="error">Its document.</param>
    /// <param name="isObject">Whether an object was asked for, not a listing.</param>
    /// <param name="name">What was asked for, in words.</param>
    /// <param name="origin">Where the credential came from.</param>
    /// <param name="retryAfter">How long the server asks to be left alone.</param>
    public static StoreException Of(HttpStatusCode status, ErrorAnswer error, bool isObject, string name, string origin, TimeSpan? retryAfter)
    {
        var said = $"{(int)status}{(Reason(error) is { } reason ? " " + ServerText.Clean(reason) : "")}: {ServerText.Clean(error.Error?.Message)}";
        return (int)status switch
        {
            400 when AsksForPayer(status, error) => New(
                StoreFailure.AccessDenied, $"Requesters pay for {name}, and no project is named that does; write its id into the Secret's key project, or give --requester-pays ({said})."),
            404 when isObject => RangeAnswer.Changed(name, "it is gone, or of another generation"),
            404 => New(StoreFailure.SourceNotFound, $"There is no bucket of {name} ({said})."),
            412 => RangeAnswer.Changed(name, "it is of another generation"),
            416 => RangeAnswer.Changed(name, "it is shorter"),
            429 => New(StoreFailure.Throttled, $"The store of {name} asks to go slower ({said})."),
            403 when IsThrottling(error) => New(StoreFailure.Throttled, $"The store of {name} asks to go slower ({said})."),
            401 or 403 => New(StoreFailure.AccessDenied, $"{name} may not be read with {origin} ({said})."),
            408 or >= 500 => New(StoreFailure.Unavailable, $"The store of {name} cannot answer now ({said})."),
            _ => New(StoreFailure.Unsupported, $"The store of {name} refuses the request ({said})."),
        };

        StoreException New(StoreFailure failure, string message) => new(failure, message, retryAfter);
    }

    private static bool IsThrottling(ErrorAnswer error) => Reason(error) is "rateLimitExceeded" or "userRateLimitExceeded" or "quotaExceeded";

    private static string? Reason(ErrorAnswer error) => error.Error?.Errors is [var first, ..] ? first.Reason : null;
}
