using System.Net;
using System.Security.Cryptography;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Tests.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Connection;

public sealed class AuthenticationTests : IDisposable
{
    private static readonly TestAuthority Authority = new();
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static PemSource Trusted => PemSource.FromText(Authority.Pem);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("RSA, PKCS#8")]
    [InlineData("RSA, PKCS#1")]
    [InlineData("ECDSA, PKCS#8")]
    [InlineData("ECDSA, SEC1")]
    [InlineData("ECDSA, SEC1 with parameters")]
    public async Task Client_certificate_authenticates_with_every_form_of_key(string form)
    {
        using AsymmetricAlgorithm key = form.StartsWith("RSA", StringComparison.Ordinal) ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keyPem = (form, key) switch
        {
            (_, RSA rsa) when form.EndsWith('1') => rsa.ExportRSAPrivateKeyPem(),
            (_, ECDsa ecdsa) when form.EndsWith("SEC1", StringComparison.Ordinal) => ecdsa.ExportECPrivateKeyPem(),
            // As openssl ecparam -genkey writes it.
            (_, ECDsa ecdsa) when form.EndsWith("parameters", StringComparison.Ordinal) =>
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + ecdsa.ExportECPrivateKeyPem(),
            _ => key.ExportPkcs8PrivateKeyPem(),
        };
        await using var server = await MutualTlsServerAsync();

        await ReadAsync(new KubernetesConnection
        {
            Server = server.Uri,
            CertificateAuthority = Trusted,
            ClientCertificate = PemSource.FromFile(_folder.Write("client.crt", Authority.IssueClient("jane", key))),
            ClientKey = PemSource.FromText(keyPem),
        });

        server.Last.ClientCertificate!.Subject.ShouldBe("CN=jane");
    }

    [Fact]
    public void Certificate_and_key_that_do_not_belong_together_are_refused_without_quoting_the_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var connection = new KubernetesConnection
        {
            Server = new Uri("https://127.0.0.1"),
            ClientCertificate = PemSource.FromText(Authority.IssueClient("jane", key)),
            ClientKey = PemSource.FromText(other.ExportPkcs8PrivateKeyPem()),
        };

        var refusal = Should.Throw<KubernetesConnectionException>(() => connection.CreateHandler());

        refusal.Message.ShouldContain("do not belong together");
        refusal.ToString().ShouldNotContain(other.ExportPkcs8PrivateKeyPem()[40..80]);
    }

    [Fact]
    public async Task Rotated_client_certificate_is_used_on_new_connections_while_a_watch_goes_on_with_the_old()
    {
        await using var server = await MutualTlsServerAsync(async context =>
        {
            if (context.Request.Query.ContainsKey("watch"))
            {
                await context.Response.Body.WriteAsync("""{"type":"ADDED","object":{"metadata":{"name":"a"}}}"""u8.ToArray());
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
            else
            {
                await ScriptedServer.AnswerOk(context);
            }
        });
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _folder.Write("client.crt", Authority.IssueClient("before", key));
        _folder.Write("client.key", key.ExportPkcs8PrivateKeyPem());
        using var client = ClientOf(new KubernetesConnection
        {
            Server = server.Uri,
            CertificateAuthority = Trusted,
            ClientCertificate = PemSource.FromFile(_folder["client.crt"]),
            ClientKey = PemSource.FromFile(_folder["client.key"]),
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var watch = client.WatchAsync<V1ConfigMap>("ns", new WatchOptions(), stop.Token).GetAsyncEnumerator(Cancel);
        (await watch.MoveNextAsync()).ShouldBeTrue();
        var next = watch.MoveNextAsync().AsTask();

        _folder.Write("client.crt", Authority.IssueClient("after", key));
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
        server.Last.ClientCertificate!.Subject.ShouldBe("CN=before", "files are read again after a minute");
        _time.Advance(TimeSpan.FromMinutes(1));
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);

        server.Last.ClientCertificate!.Subject.ShouldBe("CN=after");
        next.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(next);
    }

    [Fact]
    public async Task User_name_and_password_are_sent()
    {
        await using var server = await ServerAsync(ScriptedServer.AnswerOk);

        await ReadAsync(new KubernetesConnection { Server = server.Uri, CertificateAuthority = Trusted, Username = "jane", Password = "pass:wörd" });

        server.Last.Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("jane:pass:wörd"u8));
    }

    [Fact]
    public async Task Nothing_secret_is_sent_in_the_clear()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk);

        await ReadAsync(new KubernetesConnection { Server = server.Uri, Token = "s3cret" });

        server.Last.Headers.ShouldNotContainKey("Authorization");
    }

    [Fact]
    public async Task Impersonation_names_user_groups_and_attributes_each_in_its_own_header()
    {
        Dictionary<string, StringValues>? headers = null;
        await using var server = await ServerAsync(context =>
        {
            headers = context.Request.Headers.ToDictionary();
            return ScriptedServer.AnswerOk(context);
        });

        await ReadAsync(new KubernetesConnection
        {
            Server = server.Uri,
            CertificateAuthority = Trusted,
            Token = "t",
            Impersonate = new Impersonation
            {
                User = "system:serviceaccount:a:bé",
                Uid = "42",
                Groups = ["dev", "ops"],
                Extra = new Dictionary<string, IReadOnlyList<string>> { ["example.org/reason"] = ["drill"] },
            },
        });

        headers!["Impersonate-User"].ToString().ShouldBe("system:serviceaccount:a:bé");
        headers["Impersonate-Uid"].ToString().ShouldBe("42");
        headers["Impersonate-Group"].ToArray().ShouldBe(["dev", "ops"]);
        headers["Impersonate-Extra-example.org%2Freason"].ToString().ShouldBe("drill");
    }

    [Fact]
    public async Task Token_file_is_read_again_after_a_minute()
    {
        await using var server = await ServerAsync(ScriptedServer.AnswerOk);
        using var client = ClientOf(new KubernetesConnection { Server = server.Uri, CertificateAuthority = Trusted, TokenFile = _folder.Write("token", "one\n") });
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);

        _folder.Write("token", "two\n");
        _time.Advance(TimeSpan.FromSeconds(59));
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
        _time.Advance(TimeSpan.FromSeconds(1));
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);

        server.Requests.Select(request => request.Headers["Authorization"]).ShouldBe(["Bearer one", "Bearer one", "Bearer two"]);
    }

    [Fact]
    public async Task Refused_token_is_read_again_at_once_and_the_request_sent_once_more()
    {
        await using var server = await ServerAsync(AcceptOnly("two"));
        using var client = ClientOf(new KubernetesConnection { Server = server.Uri, CertificateAuthority = Trusted, TokenFile = _folder.Write("token", "one") });
        (await Should.ThrowAsync<KubernetesException>(() => client.GetAsync<V1ConfigMap>("a", "ns", Cancel))).Code.ShouldBe(HttpStatusCode.Unauthorized);
        server.Requests.Count.ShouldBe(1, "the file has nothing newer");

        _folder.Write("token", "two");
        await client.CreateAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "ns" } }, Cancel);

        server.Requests.Select(request => request.Headers["Authorization"]).ShouldBe(["Bearer one", "Bearer one", "Bearer two"]);
        server.Requests.Last().Json["metadata"]!["name"]!.GetValue<string>().ShouldBe("a");
    }

    [Fact]
    public async Task Token_file_that_is_gone_for_a_moment_does_no_harm()
    {
        await using var server = await ServerAsync(ScriptedServer.AnswerOk);
        using var client = ClientOf(new KubernetesConnection { Server = server.Uri, CertificateAuthority = Trusted, TokenFile = _folder.Write("token", "one") });
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);

        File.Delete(_folder["token"]);
        _time.Advance(TimeSpan.FromMinutes(2));
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);

        server.Last.Headers["Authorization"].ShouldBe("Bearer one");
    }

    [Fact]
    public async Task Token_file_that_was_never_there_is_named()
    {
        await using var server = await ServerAsync(ScriptedServer.AnswerOk);

        var failure = await Should.ThrowAsync<KubernetesConnectionException>(() => ReadAsync(
            new KubernetesConnection { Server = server.Uri, CertificateAuthority = Trusted, TokenFile = _folder["token"] }));

        failure.Message.ShouldContain(_folder["token"]);
    }

    private static Task<ScriptedServer> ServerAsync(RequestDelegate answer) =>
        ScriptedServer.StartAsync(answer, https => https.ServerCertificate = Authority.IssueServer(["127.0.0.1"]));

    private static Task<ScriptedServer> MutualTlsServerAsync(RequestDelegate? answer = null) => ScriptedServer.StartAsync(answer ?? ScriptedServer.AnswerOk, https =>
    {
        https.ServerCertificate = Authority.IssueServer(["127.0.0.1"]);
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == Authority.Certificate.Subject;
    });

    private static RequestDelegate AcceptOnly(string token) => context => context.Request.Headers.Authorization == $"Bearer {token}"
        ? ScriptedServer.AnswerOk(context)
        : ScriptedServer.AnswerJson(context, """{"kind":"Status","apiVersion":"v1","message":"Unauthorized","reason":"Unauthorized","code":401}""", 401);

    private KubernetesClient ClientOf(KubernetesConnection connection) => new(connection.CreateHandler(_time), connection.Server);

    private static async Task ReadAsync(KubernetesConnection connection)
    {
        using var client = new KubernetesClient(connection);
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
    }
}
