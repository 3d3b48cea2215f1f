using System.Net;

namespace Kiban.Kubernetes.Connection;

/// <summary>Which proxy a request takes.</summary>
internal static class ProxySettings
{
    /// <summary>A named proxy, for every request.</summary>
    public static IWebProxy To(Uri proxy) => new WebProxy(new UriBuilder(proxy) { UserName = "", Password = "" }.Uri) { Credentials = CredentialsIn(proxy) };

    /// <summary>What the environment says; null where it names no proxy.</summary>
    public static IWebProxy? FromEnvironment() => EnvironmentProxy.Create(Environment.GetEnvironmentVariable);

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
}
