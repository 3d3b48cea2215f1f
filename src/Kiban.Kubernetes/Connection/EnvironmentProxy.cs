using System.Net;
using System.Net.Sockets;

namespace Kiban.Kubernetes.Connection;

/// <summary>
/// HTTPS_PROXY, HTTP_PROXY and NO_PROXY as Go, and so kubectl, understands them
/// (<see href="https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config"/>). .NET's own reading knows no address ranges in NO_PROXY, in
/// which clusters commonly exclude their Service and node networks. This file is compiled into the loader too, which has no other use for
/// this library.
/// </summary>
internal sealed class EnvironmentProxy : IWebProxy
{
    private readonly Uri? _https;
    private readonly Uri? _http;
    private readonly string[] _excluded;

    private EnvironmentProxy(Uri? https, Uri? http, string[] excluded)
    {
        _https = https;
        _http = http;
        _excluded = excluded;
        Credentials = CredentialsIn((https ?? http)!);
    }

    /// <inheritdoc/>
    public ICredentials? Credentials { get; set; }

    /// <summary>The settings, or null where no proxy is named.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="FormatException">A variable is no address; the message has its name and not its value.</exception>
    public static EnvironmentProxy? Create(Func<string, string?> variable)
    {
        var https = Read("HTTPS_PROXY");
        var http = Read("HTTP_PROXY");
        if (https is null && http is null)
        {
            return null;
        }

        var excluded = (variable("NO_PROXY") ?? variable("no_proxy") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new EnvironmentProxy(https, http, excluded);

        Uri? Read(string name)
        {
            var text = variable(name) is { Length: > 0 } upper ? upper : variable(name.ToLowerInvariant());
            if (string.IsNullOrEmpty(text))
            {
                return null;
            }

            return Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var uri)
                ? uri
                : throw new FormatException($"{name} is no address of a proxy.");
        }
    }

    /// <summary>User name and password in the address's user part.</summary>
    public static NetworkCredential? CredentialsIn(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
        {
            return null;
        }

        var parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination)
    {
        var proxy = destination.Scheme is "https" or "wss" ? _https : _http;
        return proxy is null || IsExcluded(destination) ? null : new UriBuilder(proxy) { UserName = "", Password = "" }.Uri;
    }

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    private bool IsExcluded(Uri destination)
    {
        var host = destination.IdnHost.TrimEnd('.').ToLowerInvariant();
        var address = IPAddress.TryParse(host, out var parsed) ? parsed : null;
        return host == "localhost"
            || (address is not null && IPAddress.IsLoopback(address))
            || _excluded.Any(rule => Matches(rule.ToLowerInvariant(), host, address, destination.Port));
    }

    private static bool Matches(string rule, string host, IPAddress? address, int port)
    {
        if (rule == "*")
        {
            return true;
        }

        if (IPNetwork.TryParse(rule, out var range))
        {
            return address is not null && range.Contains(address);
        }

        (rule, var rulePort) = SplitPort(rule);
        if (rulePort is not null && rulePort != port)
        {
            return false;
        }

        if (IPAddress.TryParse(rule, out var ruleAddress))
        {
            return ruleAddress.Equals(address);
        }

        rule = rule.StartsWith("*.", StringComparison.Ordinal) ? rule[1..] : rule;
        return rule.StartsWith('.')
            ? host.EndsWith(rule, StringComparison.Ordinal)
            : host == rule || host.EndsWith("." + rule, StringComparison.Ordinal);
    }

    private static (string Rule, int? Port) SplitPort(string rule)
    {
        if (IPAddress.TryParse(rule, out var whole) && whole.AddressFamily == AddressFamily.InterNetworkV6 && !rule.StartsWith('['))
        {
            return (rule, null);
        }

        var colon = rule.LastIndexOf(':');
        return colon > 0 && int.TryParse(rule.AsSpan(colon + 1), out var port)
            ? (rule[..colon].Trim('[', ']'), port)
            : (rule.Trim('[', ']'), null);
    }
}
