using Kiban.Kubernetes.Connection;

namespace Kiban.Kubernetes.Tests.Connection;

public sealed class KubeconfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_field_of_a_context_is_understood()
    {
        var file = _folder.Write("config", $$"""
            apiVersion: v1
            kind: Config
            current-context: main
            preferences: {colors: true}
            contexts:
            - name: main
              context: {cluster: c, user: u, namespace: team-a}
            clusters:
            - name: c
              cluster:
                server: https://api.example:6443
                tls-server-name: internal.example
                certificate-authority-data: {{Convert.ToBase64String("the authority"u8)}}
                proxy-url: socks5://proxy.example:1080
                disable-compression: true
                a-field-of-tomorrow: 1
            users:
            - name: u
              user:
                client-certificate-data: {{Convert.ToBase64String("the certificate"u8)}}
                client-key: keys/client.key
                tokenFile: token
                as: jane
                as-uid: "42"
                as-groups: [dev, ops]
                as-user-extra: {reason: [drill, test]}
            """);

        var connection = KubernetesConnection.FromKubeconfig(file);

        connection.Server.ShouldBe(new Uri("https://api.example:6443"));
        connection.Namespace.ShouldBe("team-a");
        connection.TlsServerName.ShouldBe("internal.example");
        connection.CertificateAuthority!.Read().ShouldBe("the authority");
        connection.Proxy.ShouldBe(new Uri("socks5://proxy.example:1080"));
        connection.DisableCompression.ShouldBeTrue();
        connection.SkipTlsVerify.ShouldBeFalse();
        connection.ClientCertificate!.Read().ShouldBe("the certificate");
        connection.ClientKey!.File.ShouldBe(_folder["keys/client.key"]);
        connection.TokenFile.ShouldBe(_folder["token"]);
        connection.Impersonate!.User.ShouldBe("jane");
        connection.Impersonate.Uid.ShouldBe("42");
        connection.Impersonate.Groups.ShouldBe(["dev", "ops"]);
        connection.Impersonate.Extra["reason"].ShouldBe(["drill", "test"]);
    }

    [Fact]
    public void Exec_plugin_is_understood_with_the_clusters_part_of_its_configuration()
    {
        var file = _folder.Write("config", """
            current-context: main
            contexts: [{name: main, context: {cluster: c, user: u}}]
            clusters:
            - name: c
              cluster:
                server: https://api.example
                extensions:
                - name: client.authentication.k8s.io/exec
                  extension: {audience: "06da3a73", retries: 3, verbose: true, scopes: [a, b]}
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: ./bin/login
                  args: [--cluster, "1"]
                  env: [{name: REGION, value: here}]
                  installHint: Install it.
                  provideClusterInfo: true
                  interactiveMode: Never
            """);

        var plugin = KubernetesConnection.FromKubeconfig(file).ExecPlugin!;

        plugin.Command.ShouldBe(_folder["bin/login"]);
        plugin.Arguments.ShouldBe(["--cluster", "1"]);
        plugin.Environment.ShouldBe(new Dictionary<string, string> { ["REGION"] = "here" });
        plugin.InteractiveMode.ShouldBe(ExecInteractiveMode.Never);
        plugin.InstallHint.ShouldBe("Install it.");
        plugin.ClusterConfig!.ToJsonString().ShouldBe("""{"audience":"06da3a73","retries":3,"verbose":true,"scopes":["a","b"]}""");
    }

    [Fact]
    public void Of_several_files_the_first_that_names_a_thing_wins_and_paths_belong_to_their_file()
    {
        var first = _folder.Write("one/config", """
            contexts: [{name: shared, context: {cluster: c, user: u}}]
            users: [{name: u, user: {client-certificate: u.crt, client-key: u.key}}]
            """);
        var second = _folder.Write("two/config", """
            current-context: shared
            contexts: [{name: shared, context: {cluster: other, user: other}}]
            clusters: [{name: c, cluster: {server: "https://two.example", certificate-authority: ca.crt}}]
            users: [{name: u, user: {token: of-the-second-file}}]
            """);
        var third = _folder.Write("three/config", """
            current-context: none
            clusters: [{name: c, cluster: {server: "https://three.example"}}]
            """);

        var connection = KubernetesConnection.FromKubeconfig([first, _folder["absent"], second, third]);

        connection.Server.Host.ShouldBe("two.example");
        connection.CertificateAuthority!.File.ShouldBe(_folder["two/ca.crt"]);
        connection.ClientCertificate!.File.ShouldBe(_folder["one/u.crt"]);
        connection.Token.ShouldBeNull("an entry is taken whole, never field by field");
    }

    [Fact]
    public void Named_context_is_used_instead_of_the_current_one()
    {
        var file = _folder.Write("config", """
            current-context: a
            contexts: [{name: a, context: {cluster: a}}, {name: b, context: {cluster: b}}]
            clusters: [{name: a, cluster: {server: "https://a.example"}}, {name: b, cluster: {server: "https://b.example"}}]
            """);

        KubernetesConnection.FromKubeconfig(file).Server.Host.ShouldBe("a.example");
        KubernetesConnection.FromKubeconfig(file, "b").Server.Host.ShouldBe("b.example");
    }

    [Theory]
    [InlineData("contexts: []", "current-context is not set; the contexts are none")]
    [InlineData("current-context: b\ncontexts: [{name: a, context: {cluster: c}}]", "there is no context 'b'; the contexts are a")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]", "names the cluster 'c', which is not there; the clusters are none")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://x'}}]", "names the user 'u', which is not there")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'ftp://x'}}]", "server of cluster 'c' is 'ftp://x', which is no http or https address")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'https://x', insecure-skip-tls-verify: true, certificate-authority: ca}}]", "one of them must go")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'https://x', certificate-authority-data: '%'}}]", "certificate-authority-data of cluster 'c' is no base64 text")]
    [InlineData("clusters: [{name: c}, {name: c}]", "clusters has two entries named 'c'")]
    [InlineData("kind: Deployment", "its kind is 'Deployment', not 'Config'")]
    public void Mistake_is_told_in_one_sentence(string text, string told)
    {
        var file = _folder.Write("config", text);

        Should.Throw<KubernetesConnectionException>(() => KubernetesConnection.FromKubeconfig(file)).Message.ShouldContain(told);
    }

    [Theory]
    [InlineData("{token: s3cret, username: u}", "has both a token and a user name")]
    [InlineData("{auth-provider: {name: gcp}}", "'gcp', which Kubernetes removed in 1.26; use its exec plugin")]
    [InlineData("{as-groups: [x]}", "but no 'as'")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, command: x}}", "exec.interactiveMode of user 'u' is ''")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1}}", "exec.")]
    [InlineData("{token: [s3cret, s3cret]}", "is no kubeconfig: line 4")]
    public void Mistake_in_a_user_is_told_without_its_secrets(string user, string told)
    {
        var file = _folder.Write("config", $$"""
            current-context: a
            contexts: [{name: a, context: {cluster: c, user: u} } ]
            clusters: [{name: c, cluster: {server: 'https://x'} } ]
            users: [{name: u, user: {{user}} }]
            """);

        var message = Should.Throw<KubernetesConnectionException>(() => KubernetesConnection.FromKubeconfig(file)).ToString();

        message.ShouldContain(told);
        message.ShouldNotContain("s3cret");
    }

    [Fact]
    public void File_that_does_not_exist_is_named()
    {
        Should.Throw<KubernetesConnectionException>(() => KubernetesConnection.FromKubeconfig(_folder["absent"])).Message.ShouldContain(_folder["absent"]);
        Should.Throw<KubernetesConnectionException>(() => KubernetesConnection.FromKubeconfig([_folder["x"], _folder["y"]])).Message.ShouldContain(_folder["y"]);
    }

    [Theory]
    [InlineData("10.96.0.1", "443", "https://10.96.0.1/")]
    [InlineData("fd00:10:96::1", "6443", "https://[fd00:10:96::1]:6443/")]
    [InlineData("kubernetes.default.svc", "443", "https://kubernetes.default.svc/")]
    public void Pod_finds_its_server(string host, string port, string server)
    {
        _folder.Write("token", "t");
        _folder.Write("namespace", "kiban-system\n");

        var connection = InClusterConnection.Create(host, port, Path.GetDirectoryName(_folder["x"])!);

        connection.Server.ToString().ShouldBe(server);
        connection.Namespace.ShouldBe("kiban-system");
        connection.TokenFile.ShouldBe(_folder["token"]);
        connection.CertificateAuthority!.File.ShouldBe(_folder["ca.crt"]);
    }

    [Theory]
    [InlineData(null, "443", "This is no Pod")]
    [InlineData("10.96.0.1", "http", "KUBERNETES_SERVICE_PORT is 'http', which is no port")]
    [InlineData("10.96.0.1", "443", "the Pod has no service account token")]
    public void Pod_without_what_it_needs_is_told_so(string? host, string port, string told) =>
        Should.Throw<KubernetesConnectionException>(() => InClusterConnection.Create(host, port, Path.GetDirectoryName(_folder["x"])!)).Message.ShouldContain(told);
}
