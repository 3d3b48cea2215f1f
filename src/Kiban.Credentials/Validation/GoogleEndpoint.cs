using System.Text.RegularExpressions;

namespace Kiban.Credentials.Validation;

/// <summary>
/// Which URLs in a credential file may be trusted. Whoever controls one of them is sent tokens, which is why Google asks that such
/// files be checked before use
/// (<see href="https://cloud.google.com/docs/authentication/external/externally-sourced-credentials"/>).
/// </summary>
internal static partial class GoogleEndpoint
{
    /// <summary>Why the text is no plain https URL; null where it is one. Told in words that do not repeat it.</summary>
    public static string? Fault(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            return $"{TextRules.Count(text)} that are no absolute URL";
        if (url.Scheme != Uri.UriSchemeHttps)
            return "a URL that is not https";
        // Parsers disagree about where a host with '\' or '@' beside it begins and ends, so such a text is not taken apart at all.
        var path = text.IndexOf('/', "https://".Length);
        if (text.Contains('\\', StringComparison.Ordinal) || text.AsSpan(0, path < 0 ? text.Length : path).Contains('@'))
            return "a URL with a user name, or with characters that hide its real host";
        if (!PlainHost().IsMatch(text))
            return "a URL whose host is not a plain ASCII name";
        if (url.Host.Contains("xn--", StringComparison.OrdinalIgnoreCase))
            return "a URL whose host is an internationalised name, which may look like another";
        if (!url.IsDefaultPort)
            return "a URL with a port";
        return text.Contains('#', StringComparison.Ordinal) ? "a URL with a fragment" : null;
    }

    /// <summary>Whether the host is <c>accounts.google.com</c> or below <c>googleapis.com</c>.</summary>
    public static bool IsGoogleHost(string host) =>
        host.Equals("accounts.google.com", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".googleapis.com", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether the host serves one of Google's APIs: its global, regional, mutual-TLS or Private Service Connect name. Not every name
    /// below googleapis.com will do, since some of them serve what their customers store.
    /// </summary>
    /// <param name="host">Host of the URL.</param>
    /// <param name="service">First label of the API, such as <c>sts</c>.</param>
    public static bool IsServiceHost(string host, string service)
    {
        const string Suffix = ".googleapis.com";
        if (!host.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase))
            return false;
        var labels = host[..^Suffix.Length].ToLowerInvariant().Split('.');
        return labels switch
        {
            [var only] => only == service
                || (only.EndsWith($"-{service}", StringComparison.Ordinal) && Region().IsMatch(only[..^(service.Length + 1)])),
            [var first, "mtls"] => first == service,
            [var first, "p"] => first.StartsWith($"{service}-", StringComparison.Ordinal),
            [var first, "rep"] => first == service,
            [var first, var region, "rep"] => first == service && Region().IsMatch(region),
            // A bucket's name comes first in bucket.storage.googleapis.com, and a bucket may be called "sts".
            [var first, var region] when first == service => Region().IsMatch(region),
            [var region, var second] => second == service && Region().IsMatch(region),
            _ => false,
        };
    }

    /// <summary>Whether an operator's entry (<c>host.example</c>, or <c>.example</c> for all below it) covers the host.</summary>
    public static bool IsAllowed(string host, IEnumerable<string> allowed) => allowed.Any(entry => entry.StartsWith('.')
        ? host.EndsWith(entry, StringComparison.OrdinalIgnoreCase)
        : host.Equals(entry, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^https://[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*(:[0-9]+)?([/?#]|\z)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex PlainHost();

    [GeneratedRegex(@"^[a-z]+-[a-z]+[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Region();
}
