using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kiban.Kubernetes.Certificates;

/// <summary>Makes certificates: authorities that sign themselves, and serving certificates that an authority signs (ECDSA P-256).</summary>
internal sealed class CertificateIssuer(CertificateOptions options, IReadOnlyList<string> servingNames)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>Names and addresses of the serving certificate; the first is the one the API server asks for.</summary>
    public IReadOnlyList<string> ServingNames => servingNames;

    public CertificateKeyPair NewAuthority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Two authorities of one subject but different keys would make chain building try the wrong one first.
        var subject = new X500DistinguishedName($"CN=kiban-manager-ca-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}, O=kiban.dev");
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return CertificateKeyPair.Of(request.CreateSelfSigned(now - options.ClockSkew, now + options.AuthorityLifetime));
    }

    public CertificateKeyPair NewServing(CertificateKeyPair authority, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={CommonName()}, O=kiban.dev"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in servingNames)
        {
            if (IPAddress.TryParse(name, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            authority.Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var (notBefore, notAfter) = ServingValidity(authority, now);
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        using var certificate = request.Create(authority.Certificate, notBefore, notAfter, serial);
        return CertificateKeyPair.Of(certificate.CopyWithPrivateKey(key));
    }

    /// <summary>When a serving certificate made now would end: it must not outlive its authority.</summary>
    public DateTimeOffset ServingEnd(CertificateKeyPair authority, DateTimeOffset now) => ServingValidity(authority, now).NotAfter;

    private (DateTimeOffset NotBefore, DateTimeOffset NotAfter) ServingValidity(CertificateKeyPair authority, DateTimeOffset now)
    {
        var notBefore = now - options.ClockSkew;
        var notAfter = now + options.ServingLifetime;
        return (notBefore < authority.NotBefore ? authority.NotBefore : notBefore, notAfter > authority.NotAfter ? authority.NotAfter : notAfter);
    }

    // X.520 limits a common name to 64 characters; only the alternative names count for TLS.
    private string CommonName() => servingNames[0].Length <= 64 ? servingNames[0] : "kiban-manager";
}
