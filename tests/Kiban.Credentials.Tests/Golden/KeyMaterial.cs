using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kiban.Credentials.Tests.Golden;

/// <summary>
/// Keys and certificates for test assets, made anew in each run so that the repository holds none. <c>{{name}}</c> stands for the PEM with
/// its line breaks escaped, as JSON strings and YAML's double-quoted ones write them.
/// </summary>
internal static class KeyMaterial
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<IReadOnlyDictionary<string, string>> All = new(Create);

    public static string Rsa2048 => All.Value["rsa-2048"];

    public static string Authority => All.Value["authority"];

    public static string Fill(string text)
    {
        foreach (var (name, pem) in All.Value)
            text = text.Replace($"{{{{{name}}}}}", pem.Replace("\n", "\\n", StringComparison.Ordinal), StringComparison.Ordinal);
        return text;
    }

    private static Dictionary<string, string> Create()
    {
        using var rsa = RSA.Create(2048);
        using var small = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authorityKey = RSA.Create(2048);
        using var authority = Authorise("CN=Test authority", authorityKey, Now.AddYears(5));
        using var expired = Authorise("CN=Old authority", authorityKey, Now.AddDays(-10));
        using var server = Sign(authority, rsa);
        return new Dictionary<string, string>
        {
            ["rsa-2048"] = Lines(rsa.ExportPkcs8PrivateKeyPem()),
            ["rsa-2048-pkcs1"] = Lines(rsa.ExportRSAPrivateKeyPem()),
            ["rsa-1024"] = Lines(small.ExportPkcs8PrivateKeyPem()),
            ["ec"] = Lines(curve.ExportPkcs8PrivateKeyPem()),
            ["ec-sec1"] = Lines(curve.ExportECPrivateKeyPem()),
            ["encrypted"] = Lines(rsa.ExportEncryptedPkcs8PrivateKeyPem("password", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000))),
            ["public"] = Lines(rsa.ExportSubjectPublicKeyInfoPem()),
            ["rsa-2048-cut"] = Lines(rsa.ExportPkcs8PrivateKeyPem())[..400],
            ["authority"] = Lines(authority.ExportCertificatePem()),
            ["authority-cut"] = Lines(authority.ExportCertificatePem())[..300],
            ["authority-expired"] = Lines(expired.ExportCertificatePem()),
            ["server"] = Lines(server.ExportCertificatePem()),
            ["self-signed"] = Lines(SelfSign(rsa)),
        };
    }

    private static string Lines(string pem) => pem.TrimEnd('\n') + "\n";

    private static X509Certificate2 Authorise(string name, RSA key, DateTimeOffset until)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(until.AddYears(-10), until);
    }

    private static X509Certificate2 Sign(X509Certificate2 authority, RSA key)
    {
        var request = new CertificateRequest("CN=s3.example.com", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        return request.Create(authority, Now.AddYears(-1), Now.AddYears(1), [1, 2, 3]);
    }

    private static string SelfSign(RSA key)
    {
        using var certificate = new CertificateRequest("CN=minio.local", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
        return certificate.ExportCertificatePem();
    }
}
