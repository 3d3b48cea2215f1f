using System.Diagnostics.Metrics;
using k8s.Models;
using Kiban.Kubernetes.Certificates;
using Kiban.Kubernetes.Observability;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Certificates;

public sealed class ServingCertificateTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CertificateOptions _options = new() { Settle = TimeSpan.FromSeconds(10) };
    private readonly CertificateIssuer _issuer;
    private readonly ServingCertificate _serving;

    public ServingCertificateTests()
    {
        _issuer = new CertificateIssuer(_options, ["kiban-manager.kiban-system.svc"]);
        _serving = new ServingCertificate(
            _issuer, _options, new CertificateMetrics(_services.GetRequiredService<IMeterFactory>()), _time, NullLogger<ServingCertificate>.Instance);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Before_anything_is_read_nothing_is_served_and_nothing_is_ready()
    {
        _serving.Context.ShouldBeNull();
        _serving.Problem()!.ShouldContain("not been read");
        _serving.Observe((V1Secret?)null);
        _serving.Observe(RegisteredTrust.Nothing);
        _serving.Problem()!.ShouldContain("no usable serving certificate");
    }

    [Fact]
    public void The_first_certificate_is_served_at_once_and_ready_while_nothing_is_registered()
    {
        var state = NewState();
        Observe(state, RegisteredTrust.Nothing);
        _serving.Context!.TargetCertificate.Thumbprint.ShouldBe(state.Serving!.Certificate.Thumbprint);
        _serving.Problem().ShouldBeNull();
    }

    [Fact]
    public void A_certificate_that_does_not_chain_to_what_is_registered_is_not_ready()
    {
        Observe(NewState(), Registered(NewState()));
        _serving.Problem()!.ShouldContain("does not chain to the caBundle");
    }

    [Fact]
    public void One_of_two_bundles_without_the_authority_is_not_ready()
    {
        var state = NewState();
        Observe(state, new RegisteredTrust([new TrustBundle(state.Trusted), new TrustBundle([])]));
        _serving.Problem().ShouldNotBeNull();
    }

    [Fact]
    public void A_renewal_by_the_same_authority_is_served_at_once()
    {
        var state = NewState();
        Observe(state, Registered(state));
        var renewed = state with { Serving = _issuer.NewServing(state.Authority!, _time.GetUtcNow()) };
        _serving.Observe(Secret(renewed)).ShouldBeNull();
        _serving.Current!.IsSameAs(renewed.Serving).ShouldBeTrue();
    }

    [Fact]
    public void A_certificate_of_an_authority_that_is_not_registered_waits()
    {
        var old = NewState();
        var anew = NewState();
        Observe(old, Registered(old));

        _serving.Observe(Secret(anew));
        _serving.Current!.IsSameAs(old.Serving).ShouldBeTrue();
        _serving.Problem().ShouldBeNull();

        var both = new RegisteredTrust([new TrustBundle([old.Authority!.Certificate, anew.Authority!.Certificate])]);
        _serving.Observe(both).ShouldBe(_time.GetUtcNow().AddSeconds(10));
        _serving.Current!.IsSameAs(old.Serving).ShouldBeTrue("API servers may not have read the registration yet");
        _time.Advance(TimeSpan.FromSeconds(10));
        _serving.Refresh().ShouldBeNull();
        _serving.Current!.IsSameAs(anew.Serving).ShouldBeTrue();
        _serving.Problem().ShouldBeNull();
    }

    [Fact]
    public void A_certificate_that_nobody_trusts_any_more_is_not_held_on_to()
    {
        var old = NewState();
        var anew = NewState();
        Observe(old, Registered(old));
        _serving.Observe(Secret(anew));
        _serving.Observe(Registered(anew)).ShouldBeNull();
        _serving.Current!.IsSameAs(anew.Serving).ShouldBeTrue();
    }

    [Fact]
    public void A_secret_that_is_lost_or_damaged_leaves_the_certificate_in_use()
    {
        var state = NewState();
        Observe(state, Registered(state));
        _serving.Observe((V1Secret?)null);
        _serving.Current!.IsSameAs(state.Serving).ShouldBeTrue();
        _serving.Problem().ShouldBeNull();
    }

    [Fact]
    public void An_expired_certificate_is_not_ready()
    {
        var state = NewState();
        Observe(state, Registered(state));
        _time.Advance(TimeSpan.FromDays(366));
        _serving.Problem().ShouldNotBeNull();
    }

    private void Observe(CertificateState state, RegisteredTrust registered)
    {
        _serving.Observe(Secret(state));
        _serving.Observe(registered);
    }

    private CertificateState NewState()
    {
        var authority = _issuer.NewAuthority(_time.GetUtcNow());
        return new CertificateState { Authority = authority, Serving = _issuer.NewServing(authority, _time.GetUtcNow()), ServingSince = _time.GetUtcNow() };
    }

    private static RegisteredTrust Registered(CertificateState state) => new([new TrustBundle(state.Trusted)]);

    private static V1Secret Secret(CertificateState state) => new()
    {
        Metadata = new V1ObjectMeta(),
        Data = CertificateSecret.Data(state).Where(entry => entry.Value is not null).ToDictionary(entry => entry.Key, entry => entry.Value!),
    };
}
