using System.Net;
using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Client;

public sealed class KubernetesClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_is_paged_and_its_items_know_their_kind()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerJson(
            context,
            context.Request.Query["continue"] == "next/1"
                ? """{"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"b"}}]}"""
                : """{"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"next/1"},"items":[{"metadata":{"name":"a"}}]}"""));
        using var client = ClientOf(server);

        var first = await client.ListPageAsync<V1Secret>("ns", new ListOptions { Limit = 1, LabelSelector = "app=web,!x", ResourceVersion = "0" }, Cancel);
        var second = await client.ListPageAsync<V1Secret>("ns", new ListOptions { Limit = 1, Continue = first.Continue, ResourceVersion = "0" }, Cancel);

        first.Items.Single().ShouldSatisfyAllConditions(item => item.Kind.ShouldBe("Secret"), item => item.ApiVersion.ShouldBe("v1"));
        (first.ResourceVersion, first.Continue).ShouldBe(("7", "next/1"));
        (second.Items.Single().Metadata.Name, second.Continue).ShouldBe(("b", null));
        server.Requests.Select(request => request.PathAndQuery).ShouldBe([
            "/api/v1/namespaces/ns/secrets?labelSelector=app%3Dweb%2C%21x&limit=1&resourceVersion=0",
            "/api/v1/namespaces/ns/secrets?limit=1&continue=next%2F1",
        ]);
    }

    [Fact]
    public async Task Apply_sends_only_what_is_ours_to_say()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk);
        using var client = ClientOf(server);
        var value = new V1ConfigMap
        {
            Metadata = new V1ObjectMeta
            {
                Name = "a",
                NamespaceProperty = "ns",
                ResourceVersion = "12",
                ManagedFields = [new V1ManagedFieldsEntry { Manager = "somebody" }],
            },
            Data = new Dictionary<string, string> { ["x"] = "1" },
        };

        await client.ApplyAsync(value, "kiban-test", Cancel, new WriteOptions { DryRun = true, Force = false });

        server.Last.Method.ShouldBe("PATCH");
        server.Last.PathAndQuery.ShouldBe("/api/v1/namespaces/ns/configmaps/a?fieldManager=kiban-test&dryRun=All&force=false");
        server.Last.Headers["Content-Type"].ShouldBe("application/apply-patch+yaml");
        JsonNode.DeepEquals(server.Last.Json, JsonNode.Parse(
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"ns"},"data":{"x":"1"}}""")).ShouldBeTrue(server.Last.Body);
        value.Metadata.ResourceVersion.ShouldBe("12");
    }

    [Fact]
    public async Task Deletion_carries_its_preconditions()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk);
        using var client = ClientOf(server);

        var existed = await client.DeleteAsync<V1Pod>("a", "ns", Cancel, new DeleteOptions { Uid = "u-1", ResourceVersion = "5", GracePeriod = TimeSpan.FromSeconds(9) });

        existed.ShouldBeTrue();
        JsonNode.DeepEquals(server.Last.Json, JsonNode.Parse(
            """{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":9,"propagationPolicy":"Background","preconditions":{"uid":"u-1","resourceVersion":"5"}}"""))
            .ShouldBeTrue(server.Last.Body);
    }

    [Fact]
    public async Task Object_without_a_name_is_not_mistaken_for_its_collection()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk);
        using var client = ClientOf(server);

        await Should.ThrowAsync<ArgumentException>(() => client.DeleteAsync<V1Pod>("", "ns", Cancel));

        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_cannot_leave_their_place_in_the_path()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk);
        using var client = ClientOf(server);

        await client.GetAsync<V1Pod>("a?x=1#/../b", "n/s", Cancel);

        server.Last.PathAndQuery.ShouldBe("/api/v1/namespaces/n%2Fs/pods/a%3Fx%3D1%23%2F..%2Fb");
    }

    [Fact]
    public async Task Server_below_a_path_is_asked_below_it()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk);
        using var client = new KubernetesClient(new KubernetesConnection { Server = new Uri(server.Uri, "clusters/one") });

        await client.GetAsync<V1Pod>("a", "ns", Cancel);

        server.Last.PathAndQuery.ShouldBe("/clusters/one/api/v1/namespaces/ns/pods/a");
    }

    [Fact]
    public async Task Subresources_and_field_managers_are_named_in_the_request()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk);
        using var client = ClientOf(server, new KubernetesClientOptions { UserAgent = "kiban-test/1.2 (linux/x64)" });

        await client.PatchAsync<V1Pod>("a", "ns", ObjectPatch.Merge([]), Cancel, new WriteOptions { Subresource = "status", FieldManager = "me" });
        await client.ReplaceAsync(new V1Pod { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "ns" } }, Cancel, new WriteOptions { Subresource = "status" });

        server.Requests.Select(request => $"{request.Method} {request.PathAndQuery} {request.Headers["User-Agent"]}").ShouldBe([
            "PATCH /api/v1/namespaces/ns/pods/a/status?fieldManager=me kiban-test/1.2 (linux/x64)",
            "PUT /api/v1/namespaces/ns/pods/a/status kiban-test/1.2 (linux/x64)",
        ]);
    }

    [Fact]
    public async Task Answer_that_is_no_JSON_comes_as_text()
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/plain";
            await context.Response.Body.WriteAsync("line 1\nline 2"u8.ToArray());
        });
        using var client = ClientOf(server);

        var log = await client.SendAsync(HttpMethod.Get, "/api/v1/namespaces/ns/pods/a/log", null, "application/json", Cancel);

        log!.GetValue<string>().ShouldBe("line 1\nline 2");
    }

    [Fact]
    public async Task Status_of_a_refusal_reaches_the_caller()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerJson(
            context,
            """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"pods \"a\" is forbidden","reason":"Forbidden","code":403,"details":{"name":"a","retryAfterSeconds":4}}""",
            403));
        using var client = ClientOf(server);

        var refusal = await Should.ThrowAsync<KubernetesException>(() => client.GetAsync<V1Pod>("a", "ns", Cancel));

        refusal.Code.ShouldBe(HttpStatusCode.Forbidden);
        refusal.Status!.Details.Name.ShouldBe("a");
        refusal.RetryAfter.ShouldBe(TimeSpan.FromSeconds(4));
        refusal.Message.ShouldBe("GET /api/v1/namespaces/ns/pods/a: 403 Forbidden: pods \"a\" is forbidden");
    }

    [Fact]
    public async Task Refusal_by_something_else_than_an_API_server_is_told_in_its_words()
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 502;
            await context.Response.Body.WriteAsync("<html>upstream is away</html>"u8.ToArray());
        });
        using var client = ClientOf(server);

        var refusal = await Should.ThrowAsync<KubernetesException>(() => client.GetAsync<V1Pod>("a", "ns", Cancel));

        refusal.Message.ShouldContain("502 BadGateway: <html>upstream is away</html>");
    }

    [Fact]
    public async Task Deeply_nested_schema_is_read_and_an_answer_that_breaks_off_is_told()
    {
        var answer = "";
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerJson(context, answer));
        using var client = ClientOf(server);

        answer = string.Concat(Enumerable.Repeat("{\"properties\":", 200)) + "1" + new string('}', 200);
        (await client.SendAsync(HttpMethod.Get, "/openapi", null, "application/json", Cancel)).ShouldNotBeNull();

        answer = answer[..100];
        (await Should.ThrowAsync<IOException>(() => client.SendAsync(HttpMethod.Get, "/openapi", null, "application/json", Cancel))).Message.ShouldStartWith("GET /openapi: ");
        (await Should.ThrowAsync<IOException>(() => client.GetAsync<V1Pod>("a", "ns", Cancel))).Message.ShouldStartWith("GET /api/v1/namespaces/ns/pods/a: ");
    }

    [Fact]
    public async Task Full_rate_limiter_lets_nothing_through()
    {
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk);
        using var limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 0 });
        using var client = ClientOf(server, new KubernetesClientOptions { RateLimiter = limiter });
        using var taken = limiter.AttemptAcquire();

        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync<V1Pod>("a", "ns", Cancel));
        server.Requests.ShouldBeEmpty();

        taken.Dispose();
        await client.GetAsync<V1Pod>("a", "ns", Cancel);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Answers_are_never_read_synchronously()
    {
        using var handler = new AsyncOnlyHandler("""{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}}]}""");
        using var client = new KubernetesClient(handler, new Uri("http://server.example"));

        (await client.ListPageAsync<V1Pod>(null, new ListOptions(), Cancel)).Items.Count.ShouldBe(1);
    }

    private static KubernetesClient ClientOf(ScriptedServer server, KubernetesClientOptions? options = null) =>
        new(new KubernetesConnection { Server = server.Uri }, options);

    private sealed class AsyncOnlyHandler(string answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new AsyncOnlyStream(System.Text.Encoding.UTF8.GetBytes(answer))) });
    }

    private sealed class AsyncOnlyStream(byte[] content) : Stream
    {
        private readonly MemoryStream _content = new(content);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("a thread would block");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _content.ReadAsync(buffer, cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
