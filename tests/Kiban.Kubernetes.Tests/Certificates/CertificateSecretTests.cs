using System.Text;
using k8s.Models;
using Kiban.Kubernetes.Certificates;

namespace Kiban.Kubernetes.Tests.Certificates;

public class CertificateSecretTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly CertificateIssuer Issuer = new(new CertificateOptions(), ["kiban-manager.kiban-system.svc"]);

    [Fact]
    public void Every_part_comes_back()
    {
        var state = Whole();
        CertificateSecret.Read(Secret(state)).IsSameAs(state).ShouldBeTrue();
        CertificateSecret.Read(Secret(state)).Retired.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_missing_or_empty_secret_is_empty()
    {
        CertificateSecret.Read(null).IsSameAs(CertificateState.Empty).ShouldBeTrue();
        CertificateSecret.Read(new V1Secret { Metadata = new V1ObjectMeta() }).IsSameAs(CertificateState.Empty).ShouldBeTrue();
    }

    [Theory]
    [InlineData("tls.crt")]
    [InlineData("tls.key")]
    [InlineData("ca.key")]
    [InlineData("ca.crt")]
    [InlineData("next-ca.key")]
    public void A_part_that_is_damaged_is_missing_and_the_others_are_read(string key)
    {
        var whole = Whole();
        foreach (var damage in new Func<byte[], byte[]>[] { _ => [], text => text[..100], _ => "garbage"u8.ToArray(), _ => Other(key) })
        {
            var secret = Secret(whole);
            secret.Data[key] = damage(secret.Data[key]);
            var read = CertificateSecret.Read(secret);
            (read.Serving is null).ShouldBe(key is "tls.crt" or "tls.key");
            (read.Authority is null).ShouldBe(key is "ca.key" or "ca.crt");
            (read.Next is null).ShouldBe(key == "next-ca.key");
        }
    }

    [Fact]
    public void No_text_of_the_state_shows_a_key()
    {
        var state = Whole();
        (state + state.Serving!.ToString()).ShouldNotContain("PRIVATE");
        state.ToString().ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(state.Serving!.ExportKeyPem())[60..90]));
    }

    /// <summary>What would fit, were it not of another pair.</summary>
    private static byte[] Other(string key) => CertificateSecret.Data(Whole())[key]!;

    private static CertificateState Whole()
    {
        var authority = Issuer.NewAuthority(Now);
        return new CertificateState
        {
            Authority = authority,
            Next = Issuer.NewAuthority(Now),
            Retired = [Issuer.NewAuthority(Now).Certificate],
            Serving = Issuer.NewServing(authority, Now),
            NextTrustedSince = Now.AddMinutes(1),
            ServingSince = Now,
            Requested = CertificateRotationRequest.Serving,
        };
    }

    private static V1Secret Secret(CertificateState state) => new()
    {
        Metadata = new V1ObjectMeta { Annotations = CertificateSecret.Annotations(state).ToDictionary(entry => entry.Key, entry => entry.Value!) },
        Data = CertificateSecret.Data(state).ToDictionary(entry => entry.Key, entry => entry.Value!),
    };
}
