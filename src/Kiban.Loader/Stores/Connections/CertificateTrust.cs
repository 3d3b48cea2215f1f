using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kiban.Loader.Stores.Connections;

/// <summary>
/// Trusts the machine's certificate authorities, and those of a bundle. A certificate for another name is refused whoever signed it.
/// </summary>
internal sealed class CertificateTrust : IDisposable
{
    private X509Certificate2Collection? _authorities;
    private string? _pem;

    /// <summary>Trusts a bundle in PEM in place of the one before.</summary>
    /// <exception cref="StoreException">It holds no certificate, or one that cannot be read.</exception>
    public void Add(string pem)
    {
        if (pem == _pem)
            return;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new StoreException(StoreFailure.BadCredential, "The certificate bundle holds a certificate that cannot be read; PEM is wanted.", inner: e);
        }

        if (authorities.Count == 0)
            throw new StoreException(StoreFailure.BadCredential, "The certificate bundle holds no certificate; PEM blocks that begin with BEGIN CERTIFICATE are wanted.");
        (_pem, _authorities) = (pem, authorities);
    }

    /// <summary>Judges a server's certificate.</summary>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null || _authorities is not { } authorities)
            return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        return own.Build(new X509Certificate2(certificate));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var authority in _authorities ?? [])
            authority.Dispose();
    }
}
