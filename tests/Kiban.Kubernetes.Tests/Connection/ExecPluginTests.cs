using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Tests.Client;
using Kiban.Kubernetes.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Connection;

public sealed class ExecPluginTests : IDisposable
{
    private const string V1 = "client.authentication.k8s.io/v1";
    private static readonly TestAuthority Authority = new();
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(V1)]
    [InlineData("client.authentication.k8s.io/v1beta1")]
    public async Task Token_of_the_plugin_is_used_and_the_plugin_is_told_about_the_cluster(string version)
    {
        await using var server = await ServerAsync(ScriptedServer.AnswerOk);
        var plugin = Plugin($$"""
            printf %s "$KUBERNETES_EXEC_INFO" > "{{_folder["info"]}}"
            printf '{"apiVersion":"{{version}}","kind":"ExecCredential","status":{"token":"%s-%s"} }' "$1" "$REGION"
            """) with
        {
            ApiVersion = version,
            Arguments = ["of-the-plugin"],
            Environment = new Dictionary<string, string> { ["REGION"] = "here" },
            ProvideClusterInfo = true,
            ClusterConfig = new JsonObject { ["audience"] = "x" },
        };

        using var client = ClientOf(server, plugin);
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);

        server.Last.Headers["Authorization"].ShouldBe("Bearer of-the-plugin-here");
        var info = JsonNode.Parse(await File.ReadAllTextAsync(_folder["info"], Cancel))!;
        info["apiVersion"]!.GetValue<string>().ShouldBe(version);
        info["kind"]!.GetValue<string>().ShouldBe("ExecCredential");
        info["spec"]!["interactive"]!.GetValue<bool>().ShouldBeFalse();
        info["spec"]!["cluster"]!["server"]!.GetValue<string>().ShouldBe(server.Uri.ToString());
        info["spec"]!["cluster"]!["certificate-authority-data"]!.GetValue<string>().ShouldBe(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Authority.Pem)));
        info["spec"]!["cluster"]!["config"]!["audience"]!.GetValue<string>().ShouldBe("x");
    }

    [Fact]
    public async Task Plugin_runs_once_until_its_credential_expires()
    {
        await using var server = await ServerAsync(ScriptedServer.AnswerOk);
        using var client = ClientOf(server, CountingPlugin(""", "expirationTimestamp":"2026-01-01T01:00:00Z" """));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.GetAsync<V1ConfigMap>("a", "ns", Cancel)));
        _time.Advance(TimeSpan.FromMinutes(59));
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
        server.Requests.Select(request => request.Headers["Authorization"]).Distinct().ShouldBe(["Bearer 1"]);

        _time.Advance(TimeSpan.FromMinutes(1));
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
        server.Last.Headers["Authorization"].ShouldBe("Bearer 2");
    }

    [Fact]
    public async Task Refused_credential_is_replaced_at_once()
    {
        await using var server = await ServerAsync(context => context.Request.Headers.Authorization == "Bearer 2"
            ? ScriptedServer.AnswerOk(context)
            : ScriptedServer.AnswerJson(context, """{"kind":"Status","code":401}""", 401));
        using var client = ClientOf(server, CountingPlugin(""));

        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);

        server.Requests.Select(request => request.Headers["Authorization"]).ShouldBe(["Bearer 1", "Bearer 2", "Bearer 2"]);
    }

    [Fact]
    public async Task Client_certificate_of_the_plugin_is_used_and_replaced_when_it_expires()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk, https =>
        {
            https.ServerCertificate = Authority.IssueServer(["127.0.0.1"]);
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (_, _, _) => true;
        });
        WriteAnswer("first", "2026-01-01T01:00:00Z");
        using var client = ClientOf(server, Plugin($"cat '{_folder["answer"]}'"));
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
        server.Last.ClientCertificate!.Subject.ShouldBe("CN=first");

        WriteAnswer("second", "2026-01-01T02:00:00Z");
        _time.Advance(TimeSpan.FromHours(1));
        await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
        server.Last.ClientCertificate!.Subject.ShouldBe("CN=second");

        void WriteAnswer(string user, string expires)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            _folder.Write("answer", new JsonObject
            {
                ["apiVersion"] = V1,
                ["kind"] = "ExecCredential",
                ["status"] = new JsonObject
                {
                    ["clientCertificateData"] = Authority.IssueClient(user, key),
                    ["clientKeyData"] = key.ExportPkcs8PrivateKeyPem(),
                    ["expirationTimestamp"] = expires,
                },
            }.ToJsonString());
        }
    }

    [Theory]
    [InlineData("echo s3cret; exit 3", "ended with exit code 3")]
    [InlineData("echo s3cret", "no ExecCredential in JSON")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"s3cret"}}'""", "with apiVersion 'client.authentication.k8s.io/v1beta1'")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}'""", "without status")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'""", "neither a token nor a client certificate")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientKeyData":"s3cret"}}'""", "only one of")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientKeyData":"s3cret","clientCertificateData":"s3cret"}}'""", "cannot be used")]
    public async Task Plugin_that_fails_is_told_without_what_it_printed(string script, string told)
    {
        var failure = await FailureAsync(Plugin(script));

        failure.Message.ShouldContain(_folder["plugin"]);
        failure.Message.ShouldContain(told);
        failure.ToString().ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task Plugin_that_hangs_is_killed_with_all_it_started()
    {
        var failure = await FailureAsync(Plugin($"echo $$ > '{_folder["pid"]}'; sleep 1000 & wait") with { Timeout = TimeSpan.FromSeconds(1) });

        failure.Message.ShouldContain("did not end within 1 s");
        var pid = (await File.ReadAllTextAsync(_folder["pid"], Cancel)).Trim();
        while (File.Exists($"/proc/{pid}/cmdline") && (await File.ReadAllTextAsync($"/proc/{pid}/cmdline", Cancel)).Length > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
        }
    }

    [Fact]
    public async Task Missing_plugin_is_told_with_its_install_hint()
    {
        var failure = await FailureAsync(Plugin("") with { Command = "no-such-plugin-anywhere", InstallHint = "Get it from your administrator." });

        failure.Message.ShouldContain("'no-such-plugin-anywhere' cannot be started");
        failure.Message.ShouldEndWith("Get it from your administrator.");
    }

    [Fact]
    public async Task Plugin_that_must_talk_to_a_person_is_not_started_without_one()
    {
        Assert.SkipUnless(Console.IsInputRedirected, "standard input is a terminal");

        (await FailureAsync(Plugin("exit 0") with { InteractiveMode = ExecInteractiveMode.Always })).Message.ShouldContain("needs a terminal");
    }

    /// <summary>A whole program at a terminal: what the plugin asks the person, and what the person types, pass through it.</summary>
    [Fact]
    public async Task Plugin_talks_to_the_person_at_the_terminal()
    {
        await using var server = await ServerAsync(context => ScriptedServer.AnswerJson(context, """{"kind":"Status","code":403}""", 403));
        var plugin = _folder.WriteScript("plugin", $$"""
            printf %s "$KUBERNETES_EXEC_INFO" > "{{_folder["info"]}}"
            echo "Say the word:" >&2
            read word
            printf '{"apiVersion":"{{V1}}","kind":"ExecCredential","status":{"token":"%s"} }' "$word"
            """);
        var kubeconfig = _folder.Write("kubeconfig", $$"""
            apiVersion: v1
            kind: Config
            clusters: [{ name: test, cluster: { server: "{{server.Uri}}", certificate-authority-data: {{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Authority.Pem))}} } }]
            users: [{ name: jane, user: { exec: { apiVersion: {{V1}}, command: "{{plugin}}", interactiveMode: Always } } }]
            contexts: [{ name: test, context: { cluster: test, user: jane } }]
            current-context: test
            """);
        var program = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "Kiban.LeaseReplica.dll")}' '{kubeconfig}' ns me";
        using var terminal = Process.Start(new ProcessStartInfo("script", ["--quiet", "--return", "--command", program, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            string? line;
            do
                line = await terminal.StandardOutput.ReadLineAsync(Cancel);
            while (line?.Contains("Say the word:", StringComparison.Ordinal) == false);
            line.ShouldNotBeNull();
            await terminal.StandardInput.WriteLineAsync("sesame".AsMemory(), Cancel);

            await Until.TrueAsync(() => !server.Requests.IsEmpty, "a request");
            server.Last.Headers["Authorization"].ShouldBe("Bearer sesame");
            JsonNode.Parse(await File.ReadAllTextAsync(_folder["info"], Cancel))!["spec"]!["interactive"]!.GetValue<bool>().ShouldBeTrue();
        }
        finally
        {
            terminal.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Plugin_of_an_unknown_version_is_not_started() =>
        (await FailureAsync(Plugin("exit 0") with { ApiVersion = "client.authentication.k8s.io/v1alpha1" })).Message.ShouldContain("has apiVersion 'client.authentication.k8s.io/v1alpha1', known are");

    private static Task<ScriptedServer> ServerAsync(RequestDelegate answer) =>
        ScriptedServer.StartAsync(answer, https => https.ServerCertificate = Authority.IssueServer(["127.0.0.1"]));

    private ExecPluginOptions Plugin(string script) =>
        new() { ApiVersion = V1, Command = _folder.WriteScript("plugin", script), InteractiveMode = ExecInteractiveMode.Never };

    /// <summary>A plugin whose token is how often it ran.</summary>
    private ExecPluginOptions CountingPlugin(string status) => Plugin($$"""
        echo x >> "{{_folder["runs"]}}"
        runs=$(wc -l < "{{_folder["runs"]}}")
        echo '{"apiVersion":"{{V1}}","kind":"ExecCredential","status":{"token":"'$runs'"{{status}} } }'
        """);

    private KubernetesClient ClientOf(ScriptedServer server, ExecPluginOptions plugin)
    {
        var connection = new KubernetesConnection { Server = server.Uri, CertificateAuthority = PemSource.FromText(Authority.Pem), ExecPlugin = plugin };
        return new KubernetesClient(connection.CreateHandler(_time), connection.Server);
    }

    private async Task<KubernetesConnectionException> FailureAsync(ExecPluginOptions plugin)
    {
        await using var server = await ServerAsync(ScriptedServer.AnswerOk);
        using var client = ClientOf(server, plugin);
        return await Should.ThrowAsync<KubernetesConnectionException>(() => client.GetAsync<V1ConfigMap>("a", "ns", Cancel));
    }
}
