namespace Kiban.Kubernetes.Certificates;

/// <summary>What a look at the certificates led to.</summary>
/// <param name="State">What the Secret should hold.</param>
/// <param name="Reasons">Why it should, for the log; empty when it holds that already.</param>
/// <param name="LookAgain">When to look again at the latest.</param>
internal sealed record CertificateDecision(CertificateState State, IReadOnlyList<string> Reasons, DateTimeOffset LookAgain);
