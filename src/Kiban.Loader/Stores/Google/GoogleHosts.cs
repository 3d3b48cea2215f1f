using System.Text.RegularExpressions;

namespace Kiban.Loader.Stores.Google;

/// <summary>
/// Which addresses in a credential file are followed. Whoever has one of them is sent tokens, so they are Google's, or the server's that was named to
/// stand for Google's (<see href="https://cloud.google.com/docs/authentication/external/externally-sourced-credentials"/>).
/// </summary>
internal sealed partial class GoogleHosts(Uri? standIn)
{
    /// <summary>Where service accounts' assertions go: any server by TLS, since an assertion is good at the address in it and nowhere else.</summary>
    public Uri Assertions(string? text, string origin) =>
        Address(text) is { } address && (address.Scheme == Uri.UriSchemeHttps || IsStandIn(address))
            ? address
            : throw Refused(origin, "token_uri", "https://oauth2.googleapis.com/token");

    /// <summary>Where a workload's own token goes.</summary>
    public Uri Service(string? text, string service, string origin, string field) =>
        Address(text) is { } address && (IsStandIn(address) || (address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && IsService(address.Host, service)))
            ? address
            : throw Refused(origin, field, $"https://{service}.googleapis.com/…");

    /// <summary>Where a workload's own token comes from.</summary>
    public Uri SubjectToken(string? text, string origin) =>
        Address(text) is { } address
            && (IsStandIn(address)
                || address.Host == "metadata.google.internal"
                || (address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && address.Host.EndsWith(".googleapis.com", StringComparison.OrdinalIgnoreCase)))
            ? address
            : throw Refused(origin, "credential_source.url", "an address of Google's, or use a file");

    private bool IsStandIn(Uri address) => standIn is not null && address.Scheme == standIn.Scheme && address.Authority == standIn.Authority;

    private static bool IsService(string host, string service) => Host().Match(host) is { Success: true } match && match.Groups["service"].Value == service;

    private static Uri? Address(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 ? address : null;

    private static StoreException Refused(string origin, string field, string wanted) => new(
        StoreFailure.BadCredential, $"{field} of {origin} is absent or leads elsewhere than to Google; write {wanted}.");

    // The API's own name, or its mutual-TLS, regional and private forms. A customer's bucket would be one label before "storage".
    [GeneratedRegex(@"^(?<service>[a-z0-9]+)(\.mtls|-[a-z0-9]+\.p|(\.[a-z]+-[a-z]+[0-9]+)?\.rep|\.[a-z]+-[a-z]+[0-9]+)?\.googleapis\.com\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}
