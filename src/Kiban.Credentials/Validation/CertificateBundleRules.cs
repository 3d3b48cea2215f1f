using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kiban.Credentials.Validation;

/// <summary>Rules for a PEM bundle of certificate authorities.</summary>
internal static class CertificateBundleRules
{
    // Debian's whole ca-certificates.crt is about 220 KiB; a Secret holds at most 1 MiB.
    private const int MaximumBytes = 512 * 1024;

    private const string BasicConstraints = "2.5.29.19";

    public static void Review(SecretData data, string key, DateTimeOffset now, SecretReview review)
    {
        if (!data.Has(key))
            return;
        var field = TextRules.Field(key);
        if (data.Length(key) > MaximumBytes)
            review.Refuse(field, $"{data.Length(key)} bytes", $"at most {MaximumBytes} are taken; keep only the authorities that the endpoint needs");
        else if (!data.TryGetText(key, out var text))
            review.Refuse(field, $"{data.Length(key)} bytes that are not text (perhaps a DER certificate)", "write certificates in PEM form");
        else
            ReviewPem(field, text, now, review);
    }

    private static void ReviewPem(string field, string text, DateTimeOffset now, SecretReview review)
    {
        var authorities = 0;
        var position = 0;
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var pem))
        {
            position++;
            var label = rest[pem.Label];
            if (label.Contains("PRIVATE KEY", StringComparison.Ordinal))
            {
                review.Refuse(field, $"a private key (block {position})", "leave it out: only certificates belong here, and every container can read them");
                return;
            }
            if (label is not ("CERTIFICATE" or "TRUSTED CERTIFICATE" or "X509 CERTIFICATE"))
            {
                review.Refuse(field, $"a PEM block (number {position}) that is no certificate", "keep only blocks that begin with -----BEGIN CERTIFICATE-----");
                return;
            }
            if (!TryReview(field, rest[pem.Location], position, now, review, ref authorities))
                return;
            rest = rest[pem.Location.End..];
        }
        if (rest.Contains("-----BEGIN", StringComparison.Ordinal))
            review.Refuse(field, $"a PEM block (number {position + 1}) that is damaged or cut off", "paste the certificate again, whole");
        else if (position == 0)
            review.Refuse(field, $"{TextRules.Count(text)} without a PEM certificate", "write blocks that begin with -----BEGIN CERTIFICATE-----");
        else if (authorities == 0)
            review.Refuse(field, "certificates of servers only", "write the certificate of the authority that signed them");
    }

    private static bool TryReview(
        string field, ReadOnlySpan<char> pem, int position, DateTimeOffset now, SecretReview review, ref int authorities)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            if (IsAuthority(certificate))
                authorities++;
            if (certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
                review.Warn(field, $"certificate {position} expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}.");
            return true;
        }
        catch (CryptographicException)
        {
            review.Refuse(field, $"a PEM block (number {position}) that cannot be read as a certificate", "paste the certificate again, whole");
            return false;
        }
    }

    // A self-signed server certificate is its own authority: clients accept it from a bundle although it has no CA flag.
    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
        || certificate.Extensions.Any(extension => extension.Oid?.Value == BasicConstraints
            && extension is X509BasicConstraintsExtension { CertificateAuthority: true });
}
