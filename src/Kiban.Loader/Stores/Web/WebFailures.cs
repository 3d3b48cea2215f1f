using Kiban.Loader.Stores.Connections;

namespace Kiban.Loader.Stores.Web;

/// <summary>What refusals of a web server mean.</summary>
internal static class WebFailures
{
    /// <summary>The exception that a refusal becomes.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="name">Address of the file.</param>
    /// <param name="wasListed">Whether the file has been there.</param>
    /// <param name="retryAfter">How long the server asks to be left alone.</param>
    public static StoreException Of(HttpResponseMessage answer, string name, bool wasListed, TimeSpan? retryAfter)
    {
        var status = (int)answer.StatusCode;
        var said = $"status {status}";
        return status switch
        {
            404 or 410 when wasListed => RangeAnswer.Changed(name, "it is gone"),
            412 => RangeAnswer.Changed(name, "it has another version"),
            416 => RangeAnswer.Changed(name, "it is shorter"),
            404 or 410 => New(StoreFailure.SourceNotFound, $"There is no {name} ({said})."),
            401 or 403 or 407 => New(StoreFailure.AccessDenied, $"{name} may not be read without a credential, and web servers are given none ({said})."),
            429 => New(StoreFailure.Throttled, $"The server of {name} asks to go slower ({said})."),
            503 when retryAfter is not null => New(StoreFailure.Throttled, $"The server of {name} asks to come later ({said})."),
            408 or >= 500 => New(StoreFailure.Unavailable, $"The server of {name} cannot answer now ({said})."),
            _ => New(StoreFailure.Unsupported, $"The server of {name} refuses the request ({said})."),
        };

        StoreException New(StoreFailure failure, string message) => new(failure, message, retryAfter);
    }
}
