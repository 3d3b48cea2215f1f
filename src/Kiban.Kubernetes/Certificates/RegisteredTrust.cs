using System.Security.Cryptography.X509Certificates;

namespace Kiban.Kubernetes.Certificates;

/// <summary>
/// What API servers trust now: the bundle of each registered webhook. An empty list means that nothing is registered, so nobody calls.
/// </summary>
internal sealed record RegisteredTrust(IReadOnlyList<TrustBundle> Bundles)
{
    public static readonly RegisteredTrust Nothing = new([]);

    public bool IsRegistered => Bundles.Count > 0;

    /// <summary>Whether every webhook's bundle has this authority.</summary>
    public bool Trusts(X509Certificate2 authority) => IsRegistered && Bundles.All(bundle => bundle.Contains(authority));

    /// <summary>Whether a call of any webhook would accept this certificate.</summary>
    public bool Accepts(X509Certificate2 leaf, string name, DateTimeOffset now) =>
        IsRegistered && Bundles.All(bundle => bundle.Accepts(leaf, name, now));

    /// <summary>All authorities of all bundles.</summary>
    public IReadOnlyList<X509Certificate2> Authorities => [.. Bundles.SelectMany(bundle => bundle.Authorities)];
}
