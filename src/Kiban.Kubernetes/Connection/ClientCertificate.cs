using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kiban.Kubernetes.Connection;

/// <summary>A certificate with its key and intermediates, ready for a handshake.</summary>
internal sealed class ClientCertificate
{
    private ClientCertificate(SslStreamCertificateContext context) => Context = context;

    public SslStreamCertificateContext Context { get; }

    public string Thumbprint => Context.TargetCertificate.Thumbprint;

    /// <param name="certificatePem">The certificate, then its intermediates.</param>
    /// <param name="keyPem">Its key: PKCS#8, PKCS#1 or SEC1.</param>
    /// <param name="origin">Where both come from, for the error message.</param>
    /// <exception cref="KubernetesConnectionException">They are no certificate and key, or do not belong together.</exception>
    public static ClientCertificate Load(string certificatePem, string keyPem, string origin)
    {
        try
        {
            var leaf = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            if (OperatingSystem.IsWindows())
            {
                // SChannel cannot use keys that exist only in memory.
                leaf = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
            }

            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            return new ClientCertificate(SslStreamCertificateContext.Create(leaf, chain, offline: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new KubernetesConnectionException(
                $"The client certificate and key of {origin} cannot be used: they are no PEM certificate and PEM key, or do not belong together.", e);
        }
    }
}
