using System.Security.Cryptography.X509Certificates;

namespace Kiban.Kubernetes.Certificates;

/// <summary>Everything that the Secret holds: one point of a rotation. Parts that are missing or unreadable are null.</summary>
internal sealed record CertificateState
{
    public static readonly CertificateState Empty = new();

    /// <summary>The authority that signs.</summary>
    public CertificateKeyPair? Authority { get; init; }

    /// <summary>The authority that will sign, once every API server trusts it.</summary>
    public CertificateKeyPair? Next { get; init; }

    /// <summary>Authorities that sign no more, but whose certificates may still be served somewhere.</summary>
    public IReadOnlyList<X509Certificate2> Retired { get; init; } = [];

    /// <summary>What is to be served.</summary>
    public CertificateKeyPair? Serving { get; init; }

    /// <summary>When <see cref="Next"/> was seen in every registered bundle.</summary>
    public DateTimeOffset? NextTrustedSince { get; init; }

    /// <summary>When <see cref="Serving"/> was made.</summary>
    public DateTimeOffset? ServingSince { get; init; }

    /// <summary>What a person has asked to be replaced now.</summary>
    public CertificateRotationRequest Requested { get; init; }

    /// <summary>The authorities to trust now; the signing one first.</summary>
    public IReadOnlyList<X509Certificate2> Trusted
    {
        get
        {
            List<X509Certificate2> trusted = [];
            foreach (var certificate in new[] { Authority?.Certificate, Next?.Certificate }.Concat(Retired))
            {
                if (certificate is not null && !trusted.Any(known => TrustBundle.AreSame(known, certificate)))
                    trusted.Add(certificate);
            }

            return trusted;
        }
    }

    /// <summary>Whether both lead to the same Secret.</summary>
    public bool IsSameAs(CertificateState other) =>
        ArePairsSame(Authority, other.Authority) && ArePairsSame(Next, other.Next) && ArePairsSame(Serving, other.Serving)
        && NextTrustedSince == other.NextTrustedSince && ServingSince == other.ServingSince && Requested == other.Requested
        && new TrustBundle(Trusted).IsSameAs(new TrustBundle(other.Trusted));

    private static bool ArePairsSame(CertificateKeyPair? one, CertificateKeyPair? other) => one?.IsSameAs(other) ?? other is null;
}
