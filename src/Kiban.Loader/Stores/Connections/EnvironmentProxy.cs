using System.Globalization;
using System.Net;

namespace Kiban.Loader.Stores.Connections;

/// <summary>
/// The proxy that <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>NO_PROXY</c> name, in either case, understood as most programs do:
/// <c>example.com</c> stands for the hosts below it too, addresses and networks (<c>10.0.0.0/8</c>) are known, <c>*</c> is all, and what is on this
/// machine needs no proxy.
/// </summary>
internal sealed class EnvironmentProxy : IWebProxy
{
    private readonly Uri? _https;
    private readonly Uri? _http;
    private readonly string[] _without;

    private EnvironmentProxy(Uri? https, Uri? http, string[] without)
    {
        _https = https;
        _http = http;
        _without = without;
    }

    /// <inheritdoc/>
    public ICredentials? Credentials { get; set; }

    /// <summary>What the variables say; null where they name no proxy.</summary>
    public static EnvironmentProxy? Read(Func<string, string?> environment)
    {
        var https = Address(Value("HTTPS_PROXY") ?? Value("ALL_PROXY"));
        var http = Address(Value("HTTP_PROXY") ?? Value("ALL_PROXY"));
        if (https is null && http is null)
            return null;
        var without = (Value("NO_PROXY") ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new EnvironmentProxy(https, http, without) { Credentials = UserOf(https ?? http!) };

        string? Value(string name)
        {
#pragma warning disable CA1308 // The variables' other usual spelling.
            var value = environment(name) ?? environment(name.ToLowerInvariant());
#pragma warning restore CA1308
            return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
        }
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => GetProxy(host) is null || host.IsLoopback || _without.Any(entry => Covers(entry, host));

    private static bool Covers(string entry, Uri host)
    {
        if (entry == "*")
            return true;
        if (entry.LastIndexOf(':') is > 0 and var colon && entry.IndexOf(':', StringComparison.Ordinal) == colon)
        {
            if (entry[(colon + 1)..] != host.Port.ToString(CultureInfo.InvariantCulture))
                return false;
            entry = entry[..colon];
        }

        var name = host.IdnHost;
        if (IPAddress.TryParse(name, out var address))
            return IPNetwork.TryParse(entry, out var network) ? network.Contains(address) : IPAddress.TryParse(entry, out var one) && one.Equals(address);
        var domain = entry.TrimStart('*').TrimStart('.');
        return domain.Length > 0
            && (name.Equals(domain, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));
    }

    private static Uri? Address(string? text) => text is null
        ? null
        : Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var address)
            ? address
            : throw new StoreException(StoreFailure.Unsupported, "The proxy that the environment names is no address; http://host:port is wanted.");

    private static NetworkCredential? UserOf(Uri proxy)
    {
        var parts = proxy.UserInfo.Split(':', 2);
        return proxy.UserInfo.Length == 0
            ? null
            : new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
