using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Models;

namespace Kiban.Kubernetes.Certificates;

/// <summary>
/// The Secret in which the certificates live: shaped like any <c>kubernetes.io/tls</c> Secret (<c>tls.crt</c>, <c>tls.key</c>,
/// <c>ca.crt</c>), with the authority's key and, during a rotation, the next authority.
/// </summary>
public static class CertificateSecret
{
    /// <summary>The serving certificate.</summary>
    public const string ServingCertificateKey = "tls.crt";

    /// <summary>Its private key.</summary>
    public const string ServingPrivateKey = "tls.key";

    /// <summary>The authorities to trust now: what goes into <c>caBundle</c>. The first one signs.</summary>
    public const string TrustKey = "ca.crt";

    /// <summary>Private key of the authority that signs.</summary>
    public const string AuthorityPrivateKey = "ca.key";

    /// <summary>Certificate of the next authority, while it is being announced.</summary>
    public const string NextAuthorityCertificateKey = "next-ca.crt";

    /// <summary>Private key of the next authority.</summary>
    public const string NextAuthorityPrivateKey = "next-ca.key";

    /// <summary>Set by a person to <c>authority</c> or <c>serving</c> to have that replaced now; taken away when it has begun.</summary>
    public const string RotateAnnotation = "kiban.dev/rotate";

    internal const string NextTrustedSinceAnnotation = "kiban.dev/next-ca-trusted-since";

    internal const string ServingSinceAnnotation = "kiban.dev/serving-since";

    /// <summary>Reads what can be read; a part that is missing, cut short or does not fit its other half is null.</summary>
    internal static CertificateState Read(V1Secret? secret)
    {
        if (secret?.Data is not { } data)
            return CertificateState.Empty;
        var authorities = TrustBundle.Parse(Text(data, TrustKey)).Authorities;
        var authority = authorities
            .Select(candidate => CertificateKeyPair.TryRead(candidate.ExportCertificatePem(), Text(data, AuthorityPrivateKey)))
            .FirstOrDefault(pair => pair is not null && IsAuthority(pair.Certificate));
        var next = CertificateKeyPair.TryRead(Text(data, NextAuthorityCertificateKey), Text(data, NextAuthorityPrivateKey));
        if (next is not null && !IsAuthority(next.Certificate))
            next = null;
        return new CertificateState
        {
            Authority = authority,
            Next = next,
            Retired = [.. authorities.Where(known => !Is(authority, known) && !Is(next, known))],
            Serving = CertificateKeyPair.TryRead(Text(data, ServingCertificateKey), Text(data, ServingPrivateKey)),
            NextTrustedSince = next is null ? null : Time(secret, NextTrustedSinceAnnotation),
            ServingSince = Time(secret, ServingSinceAnnotation),
            Requested = secret.Metadata?.Annotations?.TryGetValue(RotateAnnotation, out var requested) == true
                ? requested switch
                {
                    "authority" => CertificateRotationRequest.Authority,
                    "serving" => CertificateRotationRequest.Serving,
                    _ => CertificateRotationRequest.None,
                }
                : CertificateRotationRequest.None,
        };
    }

    /// <summary>The data of the Secret that holds <paramref name="state"/>; a null value means that the key must be absent.</summary>
    internal static IReadOnlyDictionary<string, byte[]?> Data(CertificateState state) => new Dictionary<string, byte[]?>
    {
        [ServingCertificateKey] = Bytes(state.Serving?.Certificate.ExportCertificatePem()),
        [ServingPrivateKey] = Bytes(state.Serving?.ExportKeyPem()),
        [TrustKey] = Bytes(new TrustBundle(state.Trusted).ToPem()),
        [AuthorityPrivateKey] = Bytes(state.Authority?.ExportKeyPem()),
        [NextAuthorityCertificateKey] = Bytes(state.Next?.Certificate.ExportCertificatePem()),
        [NextAuthorityPrivateKey] = Bytes(state.Next?.ExportKeyPem()),
    };

    /// <summary>The annotations of the Secret that holds <paramref name="state"/>; a null value means that the key must be absent.</summary>
    internal static IReadOnlyDictionary<string, string?> Annotations(CertificateState state) => new Dictionary<string, string?>
    {
        [NextTrustedSinceAnnotation] = state.NextTrustedSince?.ToString("O", CultureInfo.InvariantCulture),
        [ServingSinceAnnotation] = state.ServingSince?.ToString("O", CultureInfo.InvariantCulture),
        [RotateAnnotation] = state.Requested switch
        {
            CertificateRotationRequest.Authority => "authority",
            CertificateRotationRequest.Serving => "serving",
            _ => null,
        },
    };

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    private static bool Is(CertificateKeyPair? pair, X509Certificate2 certificate) =>
        pair is not null && TrustBundle.AreSame(pair.Certificate, certificate);

    private static string? Text(IDictionary<string, byte[]> data, string key) =>
        data.TryGetValue(key, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static DateTimeOffset? Time(V1Secret secret, string annotation) =>
        secret.Metadata?.Annotations?.TryGetValue(annotation, out var text) == true
        && DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
            ? time
            : null;
}
