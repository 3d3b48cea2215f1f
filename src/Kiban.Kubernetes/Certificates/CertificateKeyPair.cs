using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kiban.Kubernetes.Certificates;

/// <summary>A certificate and its private key. Nothing that prints this object shows the key.</summary>
internal sealed class CertificateKeyPair
{
    private CertificateKeyPair(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>The certificate, with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    public DateTimeOffset NotAfter => new(Certificate.NotAfter.ToUniversalTime());

    public DateTimeOffset NotBefore => new(Certificate.NotBefore.ToUniversalTime());

    public static CertificateKeyPair Of(X509Certificate2 certificate) =>
        certificate.HasPrivateKey ? new(certificate) : throw new ArgumentException("The certificate has no private key.", nameof(certificate));

    /// <summary>The pair, or null when one of the two is missing or unreadable, or they do not belong together.</summary>
    public static CertificateKeyPair? TryRead(string? certificatePem, string? keyPem)
    {
        if (string.IsNullOrWhiteSpace(certificatePem) || string.IsNullOrWhiteSpace(keyPem))
            return null;
        try
        {
            return new(X509Certificate2.CreateFromPem(certificatePem, keyPem));
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The private key as PKCS#8 PEM, for the Secret and nothing else.</summary>
    public string ExportKeyPem()
    {
        using var key = Certificate.GetECDsaPrivateKey()
            ?? throw new CryptographicException("The private key is no elliptic-curve key.");
        return key.ExportPkcs8PrivateKeyPem();
    }

    public bool IsSameAs(CertificateKeyPair? other) =>
        other is not null && Certificate.RawDataMemory.Span.SequenceEqual(other.Certificate.RawDataMemory.Span);

    public override string ToString() => $"{Certificate.Subject} ({Certificate.SerialNumber})";
}
