using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kiban.Kubernetes.Connection;

/// <summary>
/// Decides whether a server is who it should be: its certificate must bear the name we asked for, be valid now, be meant for servers,
/// and chain to one of the configured authorities, any of which may be an intermediate (as in Go, whose pools have no other notion).
/// Having authorities of our own changes nothing about the name: a certificate that the same authority gave to somebody else is refused.
/// </summary>
internal sealed class ServerCertificateValidator(KubernetesConnection connection)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <exception cref="AuthenticationException">The certificate is refused; the message says why.</exception>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (connection.SkipTlsVerify)
        {
            return true;
        }

        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            throw Refused("it sent none");
        }

        using var presented = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            throw Refused($"it is for {Names(presented)}, not for {connection.TlsServerName ?? connection.Server.Host}");
        }

        if (connection.CertificateAuthority is { } authority)
        {
            CheckChain(presented, chain, ReadAuthorities(authority));
        }
        else if (errors != SslPolicyErrors.None)
        {
            throw Refused($"it does not chain to an authority that this machine trusts, and the connection names none ({Describe(chain?.ChainStatus ?? [])})");
        }

        return true;
    }

    private void CheckChain(X509Certificate2 presented, X509Chain? received, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(authorities);
        if (received is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(received.ChainPolicy.ExtraStore);
        }

        if (chain.Build(presented))
        {
            return;
        }

        // An authority that is itself an intermediate, without its root, ends the chain early: right, when it is one of ours.
        var problems = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        if (problems == X509ChainStatusFlags.PartialChain
            && chain.ChainElements.Any(element => authorities.Any(known => known.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span))))
        {
            return;
        }

        throw Refused(problems switch
        {
            _ when problems.HasFlag(X509ChainStatusFlags.NotTimeValid) => $"it (or its issuer) is not valid now: it is valid from {presented.NotBefore.ToUniversalTime():u} to {presented.NotAfter.ToUniversalTime():u}",
            _ when problems.HasFlag(X509ChainStatusFlags.NotValidForUsage) => "it is not meant for servers (extended key usage)",
            _ when problems.HasFlag(X509ChainStatusFlags.UntrustedRoot) || problems.HasFlag(X509ChainStatusFlags.PartialChain) =>
                $"it was issued by {presented.Issuer}, which does not chain to an authority in {connection.CertificateAuthority}",
            _ => Describe(chain.ChainStatus),
        });
    }

    private static X509Certificate2Collection ReadAuthorities(PemSource source)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(source.Read());
        }
        catch (CryptographicException e)
        {
            throw new AuthenticationException($"The certificate authorities in {source} cannot be read: {e.Message}");
        }

        return authorities.Count > 0
            ? authorities
            : throw new AuthenticationException($"There is no PEM certificate in the certificate authorities ({source}).");
    }

    private AuthenticationException Refused(string why) => new($"The certificate of {connection.Server.GetLeftPart(UriPartial.Authority)} is refused: {why}.");

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] all = names is null ? [] : [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())];
        return all.Length == 0 ? $"no name at all (subject {certificate.Subject})" : string.Join(", ", all);
    }

    private static string Describe(IEnumerable<X509ChainStatus> problems) => string.Join(", ", problems.Select(problem => problem.Status).Distinct());
}
