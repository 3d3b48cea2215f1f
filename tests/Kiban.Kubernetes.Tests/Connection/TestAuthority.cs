using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kiban.Kubernetes.Tests.Connection;

/// <summary>A certificate authority that issues what a test asks for, right or wrong.</summary>
internal sealed class TestAuthority
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "test-ca", TestAuthority? issuer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var subjectKey = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        request.CertificateExtensions.Add(subjectKey);
        if (issuer is null)
        {
            _certificate = request.CreateSelfSigned(Now.AddYears(-2), Now.AddYears(2));
        }
        else
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer._certificate, true, false));
            using var bare = request.Create(issuer._certificate, Now.AddYears(-1), Now.AddYears(1), RandomNumberGenerator.GetBytes(16));
            _certificate = bare.CopyWithPrivateKey(key);
        }
    }

    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>The certificate without its key.</summary>
    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate(_certificate.RawDataMemory.Span);

    /// <summary>Issues a certificate for a server.</summary>
    /// <param name="names">DNS names and addresses.</param>
    /// <param name="expired">Whether it was valid last year only.</param>
    /// <param name="usage">Object identifier of its extended key usage; servers by default.</param>
    /// <param name="claimedIssuer">Authority whose key the certificate pretends to be signed with.</param>
    public X509Certificate2 IssueServer(string[] names, bool expired = false, string usage = "1.3.6.1.5.5.7.3.1", TestAuthority? claimedIssuer = null)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(alternatives.Build());
        return Issue(request, usage, expired, claimedIssuer).CopyWithPrivateKey(key);
    }

    /// <summary>Issues a client certificate and returns it with its key, both as PEM.</summary>
    /// <param name="user">Common name.</param>
    /// <param name="key">Its key.</param>
    public string IssueClient(string user, AsymmetricAlgorithm key) => Issue(
        key switch
        {
            ECDsa ecdsa => new CertificateRequest($"CN={user}", ecdsa, HashAlgorithmName.SHA256),
            RSA rsa => new CertificateRequest($"CN={user}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => throw new ArgumentException("ECDSA or RSA", nameof(key)),
        },
        "1.3.6.1.5.5.7.3.2").ExportCertificatePem();

    private X509Certificate2 Issue(CertificateRequest request, string usage, bool expired = false, TestAuthority? claimedIssuer = null)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate((claimedIssuer ?? this)._certificate, true, false));
        var from = expired ? Now.AddDays(-300) : Now.AddHours(-1);
        var to = expired ? Now.AddDays(-100) : Now.AddDays(30);
        using var key = _certificate.GetECDsaPrivateKey()!;
        return request.Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(key), from, to, RandomNumberGenerator.GetBytes(16));
    }
}
