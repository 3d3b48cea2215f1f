using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kiban.Loader.Stores.Connections;

/// <summary>
/// Trusts the machine's certificate authorities, those of a bundle that is given once, and those of one that may change. A certificate for another
/// name is refused whoever signed it.
/// </summary>
/// <param name="lasting">The bundle that is given once, PEM; null for none.</param>
internal sealed class CertificateTrust(string? lasting) : IDisposable
{
    private readonly Lock _lock = new();
    private volatile X509Certificate2Collection? _authorities = lasting is null ? null : Read(lasting);
    private string? _changing;

    /// <summary>Trusts another bundle in the place of the one that may change.</summary>
    /// <exception cref="StoreException">It holds no certificate, or one that cannot be read.</exception>
    public void Change(string pem)
    {
        lock (_lock)
        {
            if (pem == _changing)
                return;
            _authorities = Read(lasting is null ? pem : $"{lasting}\n{pem}");
            _changing = pem;
        }
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

    private static X509Certificate2Collection Read(string pem)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new StoreException(StoreFailure.BadCredential, "The certificate bundle holds a certificate that cannot be read; PEM is wanted.", inner: e);
        }

        return authorities.Count > 0
            ? authorities
            : throw new StoreException(StoreFailure.BadCredential, "The certificate bundle holds no certificate; PEM blocks that begin with BEGIN CERTIFICATE are wanted.");
    }
}
