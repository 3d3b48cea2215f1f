using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Tests.Client;

namespace Kiban.Kubernetes.Tests.Connection;

public sealed class ProxyTests
{
    private static readonly TestAuthority Authority = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_is_reached_through_the_proxy_and_checked_behind_it()
    {
        await using var proxy = new TestProxy();
        await using var server = await ScriptedServer.StartAsync(Authority.IssueServer(["api.example"]));
        var address = new UriBuilder(server.Uri) { Host = "api.example" }.Uri;
        var credentials = new UriBuilder(proxy.Uri) { UserName = "jane", Password = "p%40ss" }.Uri;
        var connection = new KubernetesConnection { Server = address, CertificateAuthority = PemSource.FromText(Authority.Pem), Token = "t", Proxy = proxy.Uri };

        using var client = new KubernetesClient(connection);
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);

        proxy.Heads.Single().ShouldStartWith($"CONNECT api.example:{server.Uri.Port} HTTP/1.1\r\n");
        proxy.Heads.Single().ShouldNotContain("Bearer");
        server.Last.Headers["Authorization"].ShouldBe("Bearer t");

        using var impostor = new KubernetesClient(new KubernetesConnection
        {
            Server = new UriBuilder(server.Uri) { Host = "other.example" }.Uri,
            CertificateAuthority = connection.CertificateAuthority,
            Proxy = credentials,
        });
        (await Should.ThrowAsync<HttpRequestException>(() => impostor.GetAsync<V1ConfigMap>("a", "ns", Cancel))).Message.ShouldContain("it is for api.example, not for other.example");
    }

    [Fact]
    public async Task Proxy_over_TLS_that_asks_for_a_password_is_given_it_and_its_certificate_is_checked()
    {
        await using var proxy = new TestProxy(Authority.IssueServer(["127.0.0.1"]), "jane:p@ss");
        await using var server = await ScriptedServer.StartAsync(Authority.IssueServer(["api.example"]));

        using var client = ClientThrough(WithPassword(proxy.Uri), server);
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
        proxy.Heads.Last().ShouldStartWith($"CONNECT api.example:{server.Uri.Port} HTTP/1.1\r\n");

        await using var impostor = new TestProxy(new TestAuthority("another").IssueServer(["127.0.0.1"]), "jane:p@ss");
        using var misled = ClientThrough(WithPassword(impostor.Uri), server);
        await Should.ThrowAsync<HttpRequestException>(() => misled.GetAsync<V1ConfigMap>("a", "ns", Cancel));
        impostor.Heads.ShouldBeEmpty("the password is for the right proxy only");
    }

    [Fact]
    public async Task Password_is_said_to_a_proxy_that_asks_for_it()
    {
        await using var proxy = new TestProxy(password: "jane:p@ss");
        await using var server = await ScriptedServer.StartAsync(Authority.IssueServer(["api.example"]));

        using var client = ClientThrough(WithPassword(proxy.Uri), server);
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);

        server.Requests.Count.ShouldBe(1);
        proxy.Heads.Last().ShouldContain("Proxy-Authorization: Basic ");
    }

    [Fact]
    public async Task SOCKS_proxy_connects_by_name_for_whom_it_knows()
    {
        await using var proxy = new TestSocksProxy("jane:p@ss");
        await using var server = await ScriptedServer.StartAsync(Authority.IssueServer(["api.example"]));

        using var client = ClientThrough(new Uri($"socks5://jane:p%40ss@{proxy.Address}"), server);
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
        proxy.Targets.Single().ShouldBe("api.example");

        using var stranger = ClientThrough(new Uri($"socks5://john:x@{proxy.Address}"), server);
        await Should.ThrowAsync<HttpRequestException>(() => stranger.GetAsync<V1ConfigMap>("a", "ns", Cancel));
        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("https://10.1.2.3:6443", "", true)]
    [InlineData("http://10.1.2.3", "", false)] // HTTP_PROXY is not set
    [InlineData("https://localhost:6443", "", false)]
    [InlineData("https://127.0.0.1:6443", "", false)]
    [InlineData("https://[::1]:6443", "", false)]
    [InlineData("https://10.1.2.3:6443", "*", false)]
    [InlineData("https://10.1.2.3:6443", "10.0.0.0/8", false)]
    [InlineData("https://11.1.2.3:6443", "10.0.0.0/8", true)]
    [InlineData("https://10.1.2.3:6443", "10.96.0.1/8", false)] // Go, too, ignores the bits past the mask
    [InlineData("https://[fd00:10::5]:6443", "fd00:10::/32", false)]
    [InlineData("https://[fd00:10::5]:6443", "fd00:10::5", false)]
    [InlineData("https://10.1.2.3:6443", "10.1.2.3", false)]
    [InlineData("https://10.1.2.3:6443", "10.1.2.3:6443", false)]
    [InlineData("https://10.1.2.3:6443", "10.1.2.3:443", true)]
    [InlineData("https://api.example.com", "example.com", false)]
    [InlineData("https://example.com", "example.com", false)]
    [InlineData("https://notexample.com", "example.com", true)]
    [InlineData("https://example.com", ".example.com", true)]
    [InlineData("https://API.example.com", ".Example.com", false)]
    [InlineData("https://api.example.com", "*.example.com", false)]
    [InlineData("https://api.example.com", " other.org , example.com:443", false)]
    public void Environment_says_which_servers_are_reached_through_the_proxy(string server, string noProxy, bool proxied)
    {
        var variables = new Dictionary<string, string> { ["https_proxy"] = "jane:s3cret@proxy.example:3128", ["NO_PROXY"] = noProxy };

        var proxy = EnvironmentProxy.Create(variables.GetValueOrDefault)!;

        proxy.GetProxy(new Uri(server)).ShouldBe(proxied ? new Uri("http://proxy.example:3128") : null);
        proxy.IsBypassed(new Uri(server)).ShouldBe(!proxied);
        proxy.Credentials!.GetCredential(new Uri("http://proxy.example"), "Basic")!.Password.ShouldBe("s3cret");
    }

    [Fact]
    public void Without_variables_there_is_no_proxy() => EnvironmentProxy.Create(_ => null).ShouldBeNull();

    [Fact]
    public void Proxy_that_is_none_is_told_without_its_password() =>
        Should.Throw<KubernetesConnectionException>(() => ProxySettings.From(name => name == "HTTPS_PROXY" ? "http://jane:s3cret@:x" : null))
            .Message.ShouldBe("HTTPS_PROXY is no address of a proxy.");

    private static Uri WithPassword(Uri proxy) => new UriBuilder(proxy) { UserName = "jane", Password = "p%40ss" }.Uri;

    private static KubernetesClient ClientThrough(Uri proxy, ScriptedServer server) => new(new KubernetesConnection
    {
        Server = new UriBuilder(server.Uri) { Host = "api.example" }.Uri,
        CertificateAuthority = PemSource.FromText(Authority.Pem),
        Proxy = proxy,
    });
}
