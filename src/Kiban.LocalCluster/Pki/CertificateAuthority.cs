using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kiban.LocalCluster.Pki;

/// <summary>
/// A certificate authority of one cluster, kept as PEM files in a directory: <c>ca.crt</c>, <c>ca.key</c> and one pair per
/// certificate it issued. ECDSA P-256 throughout: 1.20 and every later release take it, and a pair costs well under a millisecond.
/// </summary>
public sealed class CertificateAuthority
{
    private static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    // Clocks of one machine agree, but a machine may have set its clock back a little since.
    private static readonly TimeSpan Backdate = TimeSpan.FromHours(1);

    private readonly string _directory;
    private readonly X509Certificate2 _authority;
    private readonly TimeProvider _time;

    private CertificateAuthority(string directory, X509Certificate2 authority, TimeProvider time)
    {
        _directory = directory;
        _authority = authority;
        _time = time;
        CertificatePem = authority.ExportCertificatePem() + "\n";
    }

    /// <summary>The authority's certificate as PEM: what others trust.</summary>
    public string CertificatePem { get; }

    /// <summary>Files of the authority itself.</summary>
    public CertificateFiles Files => FilesOf(_directory, "ca");

    /// <summary>
    /// Reads the authority in the directory, or makes one where there is none that is whole and still valid for a while.
    /// A new authority makes every certificate of the old one unfit, and <see cref="Issue"/> then replaces it.
    /// </summary>
    public static CertificateAuthority LoadOrCreate(string directory, string commonName, TimeProvider time)
    {
        var files = FilesOf(directory, "ca");
        var now = time.GetUtcNow();
        if (TryLoad(files) is { } existing)
        {
            if (existing.Subject == Subject(commonName, []).Name && existing.NotAfter > (now + RenewBefore).UtcDateTime)
            {
                return new CertificateAuthority(directory, existing, time);
            }

            existing.Dispose();
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(commonName, []), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var certificate = request.CreateSelfSigned(now - Backdate, now + AuthorityLifetime);
        Write(files, certificate, key);
        return new CertificateAuthority(directory, certificate, time);
    }

    /// <summary>
    /// Makes sure that the directory holds the certificate <paramref name="name"/> with this profile, issued by this authority and
    /// valid for 30 days more at least; otherwise issues it. A pair torn by a crash does not fit together and is replaced too.
    /// </summary>
    public CertificateFiles Issue(string name, CertificateProfile profile)
    {
        var files = FilesOf(_directory, name);
        if (!Fits(files, profile))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = Sign(profile, key);
            Write(files, certificate, key);
        }

        return files;
    }

    /// <summary>Trusts this authority, and nothing else, when a server is checked. Host names are checked as ever.</summary>
    public X509ChainPolicy TrustPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(_authority.RawData));
        return policy;
    }

    private X509Certificate2 Sign(CertificateProfile profile, ECDsa key)
    {
        var request = new CertificateRequest(Subject(profile.CommonName, profile.Organizations), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(Usages(profile), false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        if (AlternativeNames(profile) is { } names)
        {
            request.CertificateExtensions.Add(names);
        }

        var now = _time.GetUtcNow();
        var start = now - Backdate;
        // A certificate may not begin before, nor outlive, its authority.
        var begin = start.UtcDateTime < _authority.NotBefore.ToUniversalTime() ? new DateTimeOffset(_authority.NotBefore.ToUniversalTime()) : start;
        var end = new[] { now + CertificateLifetime, new DateTimeOffset(_authority.NotAfter.ToUniversalTime()) }.Min();
        return request.Create(_authority, begin, end, RandomNumberGenerator.GetBytes(16));
    }

    private bool Fits(CertificateFiles files, CertificateProfile profile)
    {
        using var existing = TryLoad(files);
        if (existing is null || existing.NotAfter.ToUniversalTime() < (_time.GetUtcNow() + RenewBefore).UtcDateTime)
        {
            return false;
        }

        var names = existing.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        var usages = existing.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        return IsIssuedByThis(existing)
            && existing.Subject == Subject(profile.CommonName, profile.Organizations).Name
            && profile.DnsNames.ToHashSet(StringComparer.Ordinal).SetEquals(names?.EnumerateDnsNames() ?? [])
            && profile.Addresses.ToHashSet().SetEquals(names?.EnumerateIPAddresses() ?? [])
            && usages is not null
            && Usages(profile).Cast<Oid>().Select(oid => oid.Value).ToHashSet().SetEquals(usages.EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value));
    }

    private bool IsIssuedByThis(X509Certificate2 certificate)
    {
        using var chain = new X509Chain { ChainPolicy = TrustPolicy() };
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        return chain.Build(certificate);
    }

    private static X509Certificate2? TryLoad(CertificateFiles files)
    {
        if (!File.Exists(files.CertificatePath) || !File.Exists(files.KeyPath))
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPemFile(files.CertificatePath, files.KeyPath);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // Not PEM, or a key that belongs to another certificate: the writer was killed between the two files.
            return null;
        }
    }

    private static void Write(CertificateFiles files, X509Certificate2 certificate, ECDsa key)
    {
        AtomicFile.Write(files.KeyPath, key.ExportPkcs8PrivateKeyPem() + "\n", AtomicFile.Private);
        AtomicFile.Write(files.CertificatePath, certificate.ExportCertificatePem() + "\n", AtomicFile.Public);
    }

    private static CertificateFiles FilesOf(string directory, string name) =>
        new(Path.Combine(directory, name + ".crt"), Path.Combine(directory, name + ".key"));

    private static X500DistinguishedName Subject(string commonName, IReadOnlyList<string> organizations)
    {
        var builder = new X500DistinguishedNameBuilder();
        foreach (var organization in organizations)
        {
            builder.AddOrganizationName(organization);
        }

        builder.AddCommonName(commonName);
        return builder.Build();
    }

    private static OidCollection Usages(CertificateProfile profile)
    {
        var usages = new OidCollection();
        if (profile.IsServer)
        {
            usages.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        }

        if (profile.IsClient)
        {
            usages.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        }

        return usages;
    }

    private static X509Extension? AlternativeNames(CertificateProfile profile)
    {
        if (profile.DnsNames.Count + profile.Addresses.Count == 0)
        {
            return null;
        }

        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in profile.DnsNames.Distinct(StringComparer.Ordinal))
        {
            builder.AddDnsName(name);
        }

        foreach (var address in profile.Addresses.Distinct())
        {
            builder.AddIpAddress(address);
        }

        return builder.Build();
    }
}
