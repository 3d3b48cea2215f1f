using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kiban.Kubernetes.Certificates;

/// <summary>The certificate authorities of one <c>caBundle</c>.</summary>
internal sealed class TrustBundle(IReadOnlyList<X509Certificate2> authorities)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public IReadOnlyList<X509Certificate2> Authorities => authorities;

    /// <summary>Reads PEM; what is no certificate is passed over, as the API server does.</summary>
    public static TrustBundle Parse(ReadOnlySpan<char> pem)
    {
        List<X509Certificate2> authorities = [];
        while (PemEncoding.TryFind(pem, out var fields))
        {
            try
            {
                if (pem[fields.Label] is "CERTIFICATE")
                    authorities.Add(X509Certificate2.CreateFromPem(pem[fields.Location]));
            }
            catch (CryptographicException)
            {
                // Not a certificate after all; the others still count.
            }

            pem = pem[fields.Location.End..];
        }

        return new TrustBundle(authorities);
    }

    /// <summary>Reads the bytes of a <c>caBundle</c>.</summary>
    public static TrustBundle Parse(ReadOnlySpan<byte> pem) => Parse(Encoding.UTF8.GetString(pem));

    public string ToPem()
    {
        var pem = new StringBuilder();
        foreach (var authority in authorities)
            pem.Append(authority.ExportCertificatePem()).Append('\n');
        return pem.ToString();
    }

    public bool Contains(X509Certificate2 authority) => authorities.Any(known => AreSame(known, authority));

    public bool IsSameAs(TrustBundle other) => authorities.Count == other.Authorities.Count && authorities.All(other.Contains);

    /// <summary>Whether a client that trusts exactly this bundle accepts <paramref name="leaf"/> as the server <paramref name="name"/> at that time.</summary>
    public bool Accepts(X509Certificate2 leaf, string name, DateTimeOffset now)
    {
        if (authorities.Count == 0 || !leaf.MatchesHostname(name, allowWildcards: true, allowCommonName: false))
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var authority in authorities)
            chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(leaf);
    }

    public static bool AreSame(X509Certificate2 one, X509Certificate2 other) => one.RawDataMemory.Span.SequenceEqual(other.RawDataMemory.Span);
}
