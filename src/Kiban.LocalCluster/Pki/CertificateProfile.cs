using System.Net;

namespace Kiban.LocalCluster.Pki;

/// <summary>What a certificate says: who its holder is, and under which names it serves.</summary>
public sealed record CertificateProfile
{
    /// <summary>Common name; for client certificates the Kubernetes user name.</summary>
    public required string CommonName { get; init; }

    /// <summary>Organizations; for client certificates the Kubernetes groups.</summary>
    public IReadOnlyList<string> Organizations { get; init; } = [];

    /// <summary>DNS names it serves under.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>IP addresses it serves under.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The holder may serve TLS.</summary>
    public bool IsServer { get; init; }

    /// <summary>The holder may authenticate itself as a TLS client.</summary>
    public bool IsClient { get; init; }

    /// <summary>A client: user <paramref name="user"/> in <paramref name="groups"/>.</summary>
    public static CertificateProfile Client(string user, params string[] groups) =>
        new() { CommonName = user, Organizations = groups, IsClient = true };

    /// <summary>A server under the given names and addresses.</summary>
    public static CertificateProfile Server(string commonName, IReadOnlyList<string> dnsNames, IReadOnlyList<IPAddress> addresses) =>
        new() { CommonName = commonName, DnsNames = dnsNames, Addresses = addresses, IsServer = true };
}
