using Kiban.Kubernetes.Certificates;

namespace Kiban.Kubernetes.Tests.Certificates;

public class CertificateRotationTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly CertificateOptions _options = new();
    private readonly CertificateIssuer _issuer;
    private readonly CertificateRotation _rotation;

    public CertificateRotationTests()
    {
        _issuer = new CertificateIssuer(_options, ["kiban-manager.kiban-system.svc", "127.0.0.1"]);
        _rotation = new CertificateRotation(_options, _issuer);
    }

    [Fact]
    public void Nothing_becomes_an_authority_and_a_certificate_that_chains_to_it()
    {
        var decision = Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start);

        var state = decision.State;
        state.Trusted.ShouldHaveSingleItem();
        new TrustBundle(state.Trusted).Accepts(state.Serving!.Certificate, "kiban-manager.kiban-system.svc", Start).ShouldBeTrue();
        new TrustBundle(state.Trusted).Accepts(state.Serving!.Certificate, "127.0.0.1", Start).ShouldBeTrue();
        new TrustBundle(state.Trusted).Accepts(state.Serving!.Certificate, "other.kiban-system.svc", Start).ShouldBeFalse();
        state.Authority!.NotAfter.ShouldBe(Start.AddDays(3650));
        state.Serving.NotAfter.ShouldBe(Start.AddDays(365));
        decision.Reasons.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_sound_state_stays_as_it_is()
    {
        var state = Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start).State;
        var again = Decide(state, Registered(state), Start.AddDays(100));
        again.State.IsSameAs(state).ShouldBeTrue();
        again.Reasons.ShouldBeEmpty();
    }

    [Fact]
    public void The_serving_certificate_is_renewed_ahead_of_time_by_the_same_authority()
    {
        var state = Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start).State;
        Decide(state, Registered(state), Start.AddDays(365 - 90 - 10)).State.Serving!.IsSameAs(state.Serving).ShouldBeTrue();

        var renewed = Decide(state, Registered(state), Start.AddDays(365 - 90)).State;

        renewed.Serving!.IsSameAs(state.Serving).ShouldBeFalse();
        renewed.Authority!.IsSameAs(state.Authority).ShouldBeTrue();
        Registered(state).Accepts(renewed.Serving.Certificate, "127.0.0.1", Start.AddDays(365 - 90)).ShouldBeTrue();
    }

    [Fact]
    public void Renewals_of_different_certificates_are_spread()
    {
        var times = Enumerable.Range(0, 20)
            .Select(_ => Decide(Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start).State, RegisteredTrust.Nothing, Start.AddDays(250)).State)
            .Select(state => state.Serving!.Certificate.SerialNumber);
        // The last byte of the serial number moves the time; were it constant, all clusters would renew together.
        times.Select(serial => serial[^2..]).Distinct().Count().ShouldBeGreaterThan(5);
    }

    [Fact]
    public void A_new_authority_is_announced_then_served_then_the_old_one_is_dropped()
    {
        var old = Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start).State;
        var now = Start.AddDays(3650 - 400);
        old = old with { Serving = _issuer.NewServing(old.Authority!, now) };

        // 1: the next authority is in the bundle, the old certificate is served
        var announced = Decide(old, Registered(old), now).State;
        announced.Trusted.Count.ShouldBe(2);
        announced.Serving!.IsSameAs(old.Serving).ShouldBeTrue();
        // nothing goes on before the registration has it
        Decide(announced, Registered(old), now.AddDays(1)).State.IsSameAs(announced).ShouldBeTrue();

        // 2: the registration has it
        var trusted = Decide(announced, Registered(announced), now.AddSeconds(5)).State;
        trusted.NextTrustedSince.ShouldBe(now.AddSeconds(5));
        trusted.Serving!.IsSameAs(old.Serving).ShouldBeTrue();
        var waiting = Decide(trusted, Registered(announced), now.AddSeconds(10));
        waiting.State.IsSameAs(trusted).ShouldBeTrue();
        waiting.LookAgain.ShouldBe(now.AddSeconds(5) + _options.Propagation);

        // 3: the new certificate is served, both are trusted
        var switchTime = now.AddSeconds(5) + _options.Propagation;
        var switched = Decide(trusted, Registered(announced), switchTime).State;
        switched.Serving!.IsSameAs(old.Serving).ShouldBeFalse();
        switched.Authority!.IsSameAs(announced.Next).ShouldBeTrue();
        switched.Trusted.Count.ShouldBe(2);
        Registered(announced).Accepts(switched.Serving.Certificate, "127.0.0.1", now).ShouldBeTrue();
        Registered(switched).Accepts(old.Serving!.Certificate, "127.0.0.1", now).ShouldBeTrue();
        Decide(switched, Registered(switched), switchTime + _options.Overlap - TimeSpan.FromSeconds(1)).State.IsSameAs(switched).ShouldBeTrue();

        // 4: the old authority is gone
        var done = Decide(switched, Registered(switched), switchTime + _options.Overlap).State;
        done.Trusted.ShouldHaveSingleItem();
        Decide(done, Registered(done), switchTime + (2 * _options.Overlap)).Reasons.ShouldBeEmpty();
    }

    [Fact]
    public void A_registration_that_loses_the_next_authority_starts_the_wait_anew()
    {
        var old = Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start).State with { Requested = CertificateRotationRequest.Authority };
        var announced = Decide(old, Registered(old), Start).State;
        announced.Requested.ShouldBe(CertificateRotationRequest.None);
        var trusted = Decide(announced, Registered(announced), Start).State;

        var lost = Decide(trusted, Registered(old), Start + (2 * _options.Propagation)).State;

        lost.NextTrustedSince.ShouldBeNull();
        lost.Serving!.IsSameAs(old.Serving).ShouldBeTrue();
    }

    [Fact]
    public void One_of_two_registrations_without_the_next_authority_holds_the_switch_back()
    {
        var old = Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start).State with { Requested = CertificateRotationRequest.Authority };
        var announced = Decide(old, Registered(old), Start).State;
        var half = new RegisteredTrust([new TrustBundle(announced.Trusted), new TrustBundle(old.Trusted)]);
        Decide(announced, half, Start.AddHours(5)).State.IsSameAs(announced).ShouldBeTrue();
    }

    [Fact]
    public void A_serving_certificate_that_was_asked_for_is_made_once()
    {
        var state = Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start).State;
        var renewed = Decide(state with { Requested = CertificateRotationRequest.Serving }, Registered(state), Start).State;
        renewed.Serving!.IsSameAs(state.Serving).ShouldBeFalse();
        renewed.Requested.ShouldBe(CertificateRotationRequest.None);
        Decide(renewed, Registered(renewed), Start).Reasons.ShouldBeEmpty();
    }

    [Fact]
    public void A_serving_certificate_for_other_names_or_of_another_authority_is_replaced()
    {
        var state = Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start).State;
        var otherNames = new CertificateIssuer(_options, ["kiban-manager.elsewhere.svc"]).NewServing(state.Authority!, Start);
        var otherAuthority = _issuer.NewServing(_issuer.NewAuthority(Start), Start);
        foreach (var wrong in new[] { otherNames, otherAuthority })
        {
            var repaired = Decide(state with { Serving = wrong }, Registered(state), Start).State;
            repaired.Serving!.IsSameAs(wrong).ShouldBeFalse();
            Registered(state).Accepts(repaired.Serving.Certificate, "kiban-manager.kiban-system.svc", Start).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_lost_authority_is_made_anew_while_what_is_registered_stays_trusted()
    {
        var old = Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start).State;
        var anew = Decide(CertificateState.Empty, Registered(old), Start).State;
        anew.Authority!.IsSameAs(old.Authority).ShouldBeFalse();
        new TrustBundle(anew.Trusted).Contains(old.Authority!.Certificate).ShouldBeTrue();
    }

    [Fact]
    public void After_a_decade_of_sleep_all_is_made_anew_at_once()
    {
        var old = Decide(CertificateState.Empty, RegisteredTrust.Nothing, Start).State;
        var now = Start.AddDays(4000);
        var anew = Decide(old, Registered(old), now).State;
        anew.Trusted.ShouldHaveSingleItem();
        new TrustBundle(anew.Trusted).Accepts(anew.Serving!.Certificate, "127.0.0.1", now).ShouldBeTrue();
    }

    [Fact]
    public void A_whole_life_never_breaks_a_caller_and_never_spins()
    {
        // 25 years with a diligent leader: callers trust what was registered at the last look, replicas serve what the Secret held at the last look.
        var state = CertificateState.Empty;
        var registered = RegisteredTrust.Nothing;
        var now = Start;
        var looks = 0;
        for (; now < Start.AddDays(25 * 365); looks++)
        {
            var served = state.Serving;
            var decision = Decide(state, registered, now);
            if (served is not null && registered.IsRegistered)
            {
                Registered(decision.State).Accepts(served.Certificate, "127.0.0.1", now).ShouldBeTrue($"a replica that is behind, {now}");
                registered.Accepts(decision.State.Serving!.Certificate, "127.0.0.1", now).ShouldBeTrue($"a caller that is behind, {now}");
            }

            var changed = !decision.State.IsSameAs(state);
            state = decision.State;
            registered = Registered(state);
            decision.LookAgain.ShouldBeGreaterThan(now);
            // Hours in which nothing is due are skipped.
            now = changed ? now.AddSeconds(1) : decision.LookAgain == now.AddHours(1) ? now.AddDays(20) : decision.LookAgain;
        }

        looks.ShouldBeLessThan(1000);
        state.Authority!.NotAfter.ShouldBeGreaterThan(now);
    }

    [Fact]
    public void Impossible_settings_are_named()
    {
        var options = new CertificateOptions { ServingRenewBefore = TimeSpan.FromDays(400), AuthorityRenewBefore = TimeSpan.Zero };
        string.Join(" ", options.Validate()).ShouldContain(nameof(CertificateOptions.ServingRenewBefore));
        string.Join(" ", options.Validate()).ShouldContain(nameof(CertificateOptions.AuthorityRenewBefore));
        new CertificateOptions().Validate().ShouldBeEmpty();
    }

    private CertificateDecision Decide(CertificateState state, RegisteredTrust registered, DateTimeOffset now) => _rotation.Decide(state, registered, now);

    private static RegisteredTrust Registered(CertificateState state) => new([new TrustBundle(state.Trusted), new TrustBundle(state.Trusted)]);
}
