namespace Kiban.Kubernetes.Certificates;

/// <summary>Lifetimes of the serving certificate and of the authority that signs it, and the pace of a rotation.</summary>
public sealed class CertificateOptions
{
    /// <summary>Secret that holds the certificates, in the namespace of the program. It is the one truth; see <see cref="CertificateSecret"/>.</summary>
    public string SecretName { get; set; } = "kiban-manager-tls";

    /// <summary>Lifetime of the certificate authority.</summary>
    public TimeSpan AuthorityLifetime { get; set; } = TimeSpan.FromDays(3650);

    /// <summary>How long before its end the authority is replaced.</summary>
    public TimeSpan AuthorityRenewBefore { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Lifetime of the serving certificate; it never outlives its authority.</summary>
    public TimeSpan ServingLifetime { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How long before its end the serving certificate is replaced: long enough for people to notice that it was not.</summary>
    public TimeSpan ServingRenewBefore { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Time from the moment a new authority is seen in every registered <c>caBundle</c> to the first certificate signed by it: every API
    /// server must have read the registration by then.
    /// </summary>
    public TimeSpan Propagation { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Time for which the old authority stays in the bundle after the switch: every replica must have loaded the new certificate by then.
    /// </summary>
    public TimeSpan Overlap { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Time a replica waits before it changes over to a certificate of another authority, counted from when it saw that authority
    /// registered. Matters where the Secret was lost and made anew, so that no one waited for <see cref="Propagation"/>.
    /// </summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How far certificates are dated back, for API servers whose clocks are behind.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Collects what is wrong with the settings; empty when nothing is.</summary>
    internal IEnumerable<string> Validate()
    {
        if (ServingLifetime <= TimeSpan.Zero)
            yield return $"{nameof(ServingLifetime)} is {ServingLifetime}, but must be positive.";
        if (AuthorityLifetime < ServingLifetime)
            yield return $"{nameof(AuthorityLifetime)} is {AuthorityLifetime}, but must be at least {nameof(ServingLifetime)} ({ServingLifetime}).";
        if (ServingRenewBefore <= TimeSpan.Zero || ServingRenewBefore >= ServingLifetime)
            yield return $"{nameof(ServingRenewBefore)} is {ServingRenewBefore}, but must lie between zero and {nameof(ServingLifetime)} ({ServingLifetime}).";
        if (AuthorityRenewBefore <= TimeSpan.Zero || AuthorityRenewBefore >= AuthorityLifetime)
            yield return $"{nameof(AuthorityRenewBefore)} is {AuthorityRenewBefore}, but must lie between zero and {nameof(AuthorityLifetime)} ({AuthorityLifetime}).";
        if (Propagation < TimeSpan.Zero || Overlap < TimeSpan.Zero || Settle < TimeSpan.Zero || ClockSkew < TimeSpan.Zero)
            yield return $"{nameof(Propagation)}, {nameof(Overlap)}, {nameof(Settle)} and {nameof(ClockSkew)} must not be negative.";
    }
}
