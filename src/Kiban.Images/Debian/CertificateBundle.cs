using System.Text;

namespace Kiban.Images.Debian;

/// <summary>
/// The one file of trusted authorities that OpenSSL's users read. On a Debian machine <c>update-ca-certificates</c> writes it when the package
/// ca-certificates is configured; here it is put together from the same certificates.
/// </summary>
internal sealed class CertificateBundle
{
    /// <summary>Where the bundle is in an image.</summary>
    public const string Path = "etc/ssl/certs/ca-certificates.crt";

    private const string Sources = "usr/share/ca-certificates/";

    private readonly SortedDictionary<string, byte[]> _certificates = new(StringComparer.Ordinal);

    /// <summary>Whether the file is one of the certificates.</summary>
    public static bool Includes(string path) =>
        path.StartsWith(Sources, StringComparison.Ordinal) && path.EndsWith(".crt", StringComparison.Ordinal);

    /// <summary>Adds a certificate in PEM form.</summary>
    public void Add(string path, byte[] certificate) => _certificates[path] = certificate;

    /// <summary>All certificates in the order of their paths; null when there is none.</summary>
    public byte[]? Build()
    {
        if (_certificates.Count == 0)
            return null;
        var bundle = new StringBuilder();
        foreach (var certificate in _certificates.Values)
            bundle.Append(Encoding.ASCII.GetString(certificate).TrimEnd('\n')).Append('\n');
        return Encoding.ASCII.GetBytes(bundle.ToString());
    }
}
