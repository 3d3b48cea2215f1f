using System.Net;

namespace Kiban.Kubernetes.Connection;

/// <summary>Which proxy a request takes.</summary>
internal static class ProxySettings
{
    /// <summary>A named proxy, for every request.</summary>
    public static IWebProxy To(Uri proxy) => new WebProxy(new UriBuilder(proxy) { UserName = "", Password = "" }.Uri) { Credentials = EnvironmentProxy.CredentialsIn(proxy) };

    /// <summary>What the environment says; null where it names no proxy.</summary>
    /// <exception cref="KubernetesConnectionException">A variable is no address of a proxy.</exception>
    public static IWebProxy? FromEnvironment() => From(Environment.GetEnvironmentVariable);

    /// <summary>What variables say; null where they name no proxy.</summary>
    /// <exception cref="KubernetesConnectionException">A variable is no address of a proxy.</exception>
    public static IWebProxy? From(Func<string, string?> variable)
    {
        try
        {
            return EnvironmentProxy.Create(variable);
        }
        catch (FormatException e)
        {
            throw new KubernetesConnectionException(e.Message);
        }
    }
}
