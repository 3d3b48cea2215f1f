using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kiban.Kubernetes.Connection;

/// <summary>What a Pod finds in its environment and in the volume of its service account.</summary>
internal static class InClusterConnection
{
    /// <summary>Where kubelet mounts the service account.</summary>
    private const string DefaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static bool IsInCluster =>
        Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } && File.Exists(Path.Combine(DefaultFolder, "token"));

    public static KubernetesConnection Create() => Create(
        Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"),
        Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"),
        DefaultFolder);

    public static KubernetesConnection Create(string? host, string? port, string folder)
    {
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            throw new KubernetesConnectionException("This is no Pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set.");
        }

        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > 65535)
        {
            throw new KubernetesConnectionException($"KUBERNETES_SERVICE_PORT is '{port}', which is no port.");
        }

        var token = Path.Combine(folder, "token");
        if (!File.Exists(token))
        {
            throw new KubernetesConnectionException(
                $"{token} does not exist: the Pod has no service account token (automountServiceAccountToken is false for it or its service account).");
        }

        var namespaceFile = Path.Combine(folder, "namespace");
        var isIPv6 = IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        return new KubernetesConnection
        {
            Server = new Uri($"https://{(isIPv6 ? $"[{address}]" : host)}:{number}"),
            Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : null,
            CertificateAuthority = PemSource.FromFile(Path.Combine(folder, "ca.crt")),
            TokenFile = token,
            DisableCompression = true,
        };
    }
}
