using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Tests.Client;

namespace Kiban.Kubernetes.Tests.Connection;

public sealed class ServerCertificateTests
{
    private static readonly TestAuthority Authority = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Right_certificate_is_accepted_and_HTTP_2_is_spoken()
    {
        await using var server = await ScriptedServer.StartAsync(Authority.IssueServer(["127.0.0.1"]));

        await ReadAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText(Authority.Pem) });

        server.Last.Protocol.ShouldBe("HTTP/2");
    }

    [Fact]
    public async Task Certificate_of_another_host_is_refused_though_our_authority_issued_it()
    {
        await using var server = await ScriptedServer.StartAsync(Authority.IssueServer(["wrong.example", "10.0.0.9"]));

        var refusal = await RefusalAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText(Authority.Pem) });

        refusal.ShouldBe($"The certificate of {server.Uri.GetLeftPart(UriPartial.Authority)} is refused: it is for wrong.example, 10.0.0.9, not for 127.0.0.1.");
        server.Requests.ShouldBeEmpty();
    }

    /// <summary>Why this is our own work: the day this test fails, the official client has been mended.</summary>
    [Fact]
    public async Task Official_client_accepts_the_certificate_of_another_host()
    {
        await using var server = await ScriptedServer.StartAsync(Authority.IssueServer(["wrong.example"]));
        using var official = new k8s.Kubernetes(new KubernetesClientConfiguration
        {
            Host = server.Uri.ToString(),
            SslCaCerts = new X509Certificate2Collection(Authority.Certificate),
        });

        (await official.CoreV1.ReadNamespacedConfigMapAsync("a", "ns", cancellationToken: Cancel)).Metadata.Name.ShouldBe("a");
    }

    [Fact]
    public async Task Configured_server_name_is_checked_instead_of_the_host_and_sent_as_SNI()
    {
        string? asked = null;
        var certificate = Authority.IssueServer(["api.example"]);
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk, https => https.ServerCertificateSelector = (_, name) =>
        {
            asked = name;
            return certificate;
        });
        var connection = new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText(Authority.Pem), TlsServerName = "api.example" };

        await ReadAsync(connection);
        asked.ShouldBe("api.example");

        (await RefusalAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = connection.CertificateAuthority, TlsServerName = "other.example" }))
            .ShouldContain("it is for api.example, not for other.example");
    }

    [Fact]
    public async Task Certificate_of_another_authority_is_refused()
    {
        await using var server = await ScriptedServer.StartAsync(new TestAuthority("stranger").IssueServer(["127.0.0.1"]));

        (await RefusalAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText(Authority.Pem) }))
            .ShouldContain("it was issued by CN=stranger, which does not chain to an authority in (inline)");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // ours is an intermediate, whose root is not at hand: the chain ends early in any case
    public async Task Certificate_signed_by_another_key_under_our_authoritys_name_and_key_identifier_is_refused(bool isIntermediate)
    {
        var ours = isIntermediate ? new TestAuthority("ours", Authority) : new TestAuthority("ours");
        var forged = new TestAuthority("ours");
        await using var server = await ScriptedServer.StartAsync(forged.IssueServer(["127.0.0.1"], claimedIssuer: ours));

        (await RefusalAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText(ours.Pem) })).ShouldContain("is refused");
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_an_authority_the_machines_own_list_decides()
    {
        await using var server = await ScriptedServer.StartAsync(Authority.IssueServer(["127.0.0.1"]));

        (await RefusalAsync(new KubernetesConnection { Server = server.Uri })).ShouldContain("does not chain to an authority that this machine trusts");
    }

    [Fact]
    public async Task Expired_certificate_is_refused_with_its_dates()
    {
        var certificate = Authority.IssueServer(["127.0.0.1"], expired: true);
        await using var server = await ScriptedServer.StartAsync(certificate);

        (await RefusalAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText(Authority.Pem) }))
            .ShouldContain($"not valid now: it is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}");
    }

    [Fact]
    public void Client_certificate_does_not_serve_as_a_servers()
    {
        using var certificate = Authority.IssueServer(["127.0.0.1"], usage: "1.3.6.1.5.5.7.3.2");

        var refusal = Should.Throw<AuthenticationException>(() => Validate(certificate, PemSource.FromText(Authority.Pem)));

        refusal.Message.ShouldContain("it is not meant for servers");
    }

    [Fact]
    public async Task Bundle_of_several_authorities_accepts_the_certificates_of_each()
    {
        var other = new TestAuthority("other");
        await using var server = await ScriptedServer.StartAsync(other.IssueServer(["127.0.0.1"]));

        await ReadAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText($"# two of them\n{Authority.Pem}\n{other.Pem}\n") });

        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)] // the server sends its intermediate
    [InlineData(true)] // it does not, but the bundle has it
    public async Task Intermediates_complete_the_chain(bool inBundle)
    {
        var intermediate = new TestAuthority("intermediate", Authority);
        var leaf = intermediate.IssueServer(["127.0.0.1"]);
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk, https =>
        {
            https.ServerCertificate = leaf;
            https.ServerCertificateChain = inBundle ? null : new X509Certificate2Collection(intermediate.Certificate);
        });

        await ReadAsync(new KubernetesConnection
        {
            Server = server.Uri,
            CertificateAuthority = PemSource.FromText(inBundle ? $"{Authority.Pem}\n{intermediate.Pem}" : Authority.Pem),
        });

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Intermediate_alone_is_an_authority_as_it_is_for_kubectl()
    {
        var intermediate = new TestAuthority("intermediate", Authority);
        await using var server = await ScriptedServer.StartAsync(intermediate.IssueServer(["127.0.0.1"]));

        await ReadAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText(intermediate.Pem) });
        (await RefusalAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText(new TestAuthority("stranger").Pem) }))
            .ShouldContain("which does not chain to an authority");
    }

    [Fact]
    public async Task Replaced_authority_file_holds_for_the_next_connection()
    {
        await using var server = await ScriptedServer.StartAsync(Authority.IssueServer(["127.0.0.1"]));
        var file = Path.Combine(Directory.CreateTempSubdirectory("kiban-test-").FullName, "ca.crt");
        await File.WriteAllTextAsync(file, new TestAuthority("before").Pem, Cancel);
        using var client = new KubernetesClient(new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromFile(file) });
        (await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync<V1ConfigMap>("a", "ns", Cancel))).Message.ShouldContain($"an authority in {file}");

        await File.WriteAllTextAsync(file, Authority.Pem, Cancel);

        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Theory]
    [InlineData("no PEM at all", "There is no PEM certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "cannot be read")]
    public async Task Authority_that_is_none_is_told(string pem, string told)
    {
        await using var server = await ScriptedServer.StartAsync(Authority.IssueServer(["127.0.0.1"]));

        (await RefusalAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText(pem) })).ShouldContain(told);
    }

    [Fact]
    public async Task Check_is_skipped_only_where_it_is_said_so()
    {
        await using var server = await ScriptedServer.StartAsync(new TestAuthority("stranger").IssueServer(["wrong.example"], expired: true));

        await ReadAsync(new KubernetesConnection { Server = server.Uri, SkipTlsVerify = true });

        server.Requests.Count.ShouldBe(1);
    }

    private static bool Validate(X509Certificate2 certificate, PemSource authority) =>
        new ServerCertificateValidator(new KubernetesConnection { Server = new Uri("https://127.0.0.1"), CertificateAuthority = authority })
            .Validate(new object(), certificate, null, SslPolicyErrors.RemoteCertificateChainErrors);

    private static async Task ReadAsync(KubernetesConnection connection)
    {
        using var client = new KubernetesClient(connection);
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
    }

    private static async Task<string> RefusalAsync(KubernetesConnection connection)
    {
        var failure = await Should.ThrowAsync<HttpRequestException>(() => ReadAsync(connection));
        var cause = failure.GetBaseException().ShouldBeOfType<AuthenticationException>();
        failure.Message.ShouldContain(cause.Message);
        return cause.Message;
    }
}
