using System.Security.Cryptography.X509Certificates;

namespace Kiban.Kubernetes.Certificates;

/// <summary>
/// The rule of rotation: from what the Secret holds and what is registered to what the Secret should hold. A change of authority takes
/// four steps, each of which keeps every caller able to verify every replica: the next authority is made and so joins the bundle;
/// the registration is seen to hold it; after a pause for the API servers to read it, a certificate of it is served; and when every
/// replica has had time to load that, the old authority leaves the bundle.
/// </summary>
internal sealed class CertificateRotation(CertificateOptions options, CertificateIssuer issuer)
{
    /// <summary>What to do now, and when to look again if nothing changes before.</summary>
    public CertificateDecision Decide(CertificateState state, RegisteredTrust registered, DateTimeOffset now)
    {
        List<string> reasons = [];
        state = WithoutExpired(state, now, reasons);
        state = state.Authority is null ? Fresh(state, registered, now, reasons) : state;
        state = Announce(state, now, reasons);
        state = Switch(state, registered, now, reasons);
        state = Renew(state, now, reasons);
        state = Retire(state, registered, now, reasons);
        return new CertificateDecision(state, reasons, LookAgain(state, now));
    }

    private static CertificateState WithoutExpired(CertificateState state, DateTimeOffset now, List<string> reasons)
    {
        if (state.Authority is { } authority && authority.NotAfter <= now)
        {
            reasons.Add("the authority has expired");
            state = state with { Authority = null };
        }

        if (state.Next is { } next && next.NotAfter <= now)
            state = state with { Next = null, NextTrustedSince = null };
        var alive = state.Retired.Where(retired => retired.NotAfter.ToUniversalTime() > now.UtcDateTime).ToList();
        return alive.Count == state.Retired.Count ? state : state with { Retired = alive };
    }

    /// <summary>
    /// Without an authority that can sign, all begins anew. What is registered stays trusted for a while: other replicas may hold
    /// certificates of it in memory.
    /// </summary>
    private CertificateState Fresh(CertificateState state, RegisteredTrust registered, DateTimeOffset now, List<string> reasons)
    {
        reasons.Add("there is no usable authority");
        var authority = state.Next ?? issuer.NewAuthority(now);
        var alive = registered.Authorities.Concat(state.Retired).Where(known =>
            known.NotAfter.ToUniversalTime() > now.UtcDateTime && !TrustBundle.AreSame(known, authority.Certificate));
        return new CertificateState
        {
            Authority = authority,
            Serving = issuer.NewServing(authority, now),
            ServingSince = now,
            Retired = [.. alive.DistinctBy(known => known.Thumbprint)],
        };
    }

    private CertificateState Announce(CertificateState state, DateTimeOffset now, List<string> reasons)
    {
        var requested = state.Requested == CertificateRotationRequest.Authority;
        if (state.Next is null && (requested || now >= RenewAt(state.Authority!, options.AuthorityRenewBefore)))
        {
            reasons.Add(requested ? "a new authority was asked for" : $"the authority expires at {state.Authority!.NotAfter:u}");
            state = state with { Next = issuer.NewAuthority(now), NextTrustedSince = null };
        }

        return requested ? state with { Requested = CertificateRotationRequest.None } : state;
    }

    private CertificateState Switch(CertificateState state, RegisteredTrust registered, DateTimeOffset now, List<string> reasons)
    {
        if (state.Next is not { } next)
            return state;
        if (registered.IsRegistered && !registered.Trusts(next.Certificate))
            return state.NextTrustedSince is null ? state : state with { NextTrustedSince = null };
        if (state.NextTrustedSince is not { } since)
        {
            reasons.Add("the next authority is registered everywhere");
            return state with { NextTrustedSince = now };
        }

        if (now < since + options.Propagation)
            return state;
        reasons.Add("the next authority has been registered long enough to be served");
        return state with
        {
            Authority = next,
            Next = null,
            NextTrustedSince = null,
            Retired = [.. state.Retired.Append(state.Authority!.Certificate)],
            Serving = issuer.NewServing(next, now),
            ServingSince = now,
        };
    }

    private CertificateState Renew(CertificateState state, DateTimeOffset now, List<string> reasons)
    {
        var reason = state switch
        {
            { Serving: null } => "there is no usable serving certificate",
            { Requested: CertificateRotationRequest.Serving } => "a new serving certificate was asked for",
            { Serving: { } serving } when !CoversNames(serving) => "the serving certificate is not for the names under which it is called",
            { Serving: { } serving } when !new TrustBundle([state.Authority!.Certificate]).Accepts(serving.Certificate, issuer.ServingNames[0], now) =>
                "the serving certificate does not chain to the authority or has expired",
            { Serving: { } serving } when IsWorthRenewing(serving, state.Authority!, now) => $"the serving certificate expires at {serving.NotAfter:u}",
            _ => null,
        };
        if (reason is null)
            return state;
        reasons.Add(reason);
        return state with { Serving = issuer.NewServing(state.Authority!, now), ServingSince = now, Requested = CertificateRotationRequest.None };
    }

    private CertificateState Retire(CertificateState state, RegisteredTrust registered, DateTimeOffset now, List<string> reasons)
    {
        if (state.Retired.Count == 0 || state.ServingSince is not { } since)
            return state.Retired.Count > 0 ? state with { ServingSince = now } : state;
        if (now < since + options.Overlap || (registered.IsRegistered && !registered.Trusts(state.Authority!.Certificate)))
            return state;
        reasons.Add("every replica has had time to load the new certificate, so the old authority is no longer trusted");
        return state with { Retired = [] };
    }

    private bool CoversNames(CertificateKeyPair serving) =>
        issuer.ServingNames.All(name => serving.Certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false));

    private bool IsWorthRenewing(CertificateKeyPair serving, CertificateKeyPair authority, DateTimeOffset now) =>
        now >= RenewAt(serving, options.ServingRenewBefore)
        // Near the authority's own end a new certificate would end no later than the old one.
        && issuer.ServingEnd(authority, now) - serving.NotAfter > options.ServingRenewBefore / 10;

    /// <summary>
    /// Up to a tenth earlier than asked for, by a fraction that every replica computes alike, so that many clusters installed in one
    /// hour do not all renew in one hour.
    /// </summary>
    private static DateTimeOffset RenewAt(CertificateKeyPair pair, TimeSpan before)
    {
        var fraction = pair.Certificate.SerialNumberBytes.Span[^1] / 256.0;
        return pair.NotAfter - before - (before * (fraction / 10));
    }

    private DateTimeOffset LookAgain(CertificateState state, DateTimeOffset now)
    {
        List<DateTimeOffset> times = [RenewAt(state.Authority!, options.AuthorityRenewBefore), RenewAt(state.Serving!, options.ServingRenewBefore)];
        if (state.NextTrustedSince is { } trusted)
            times.Add(trusted + options.Propagation);
        if (state.Retired.Count > 0 && state.ServingSince is { } serving)
            times.Add(serving + options.Overlap);
        // Something that is due but cannot be done yet (an authority that is not registered) comes back by the next change, or in an hour.
        return times.Where(time => time > now).Append(now + TimeSpan.FromHours(1)).Min();
    }
}
