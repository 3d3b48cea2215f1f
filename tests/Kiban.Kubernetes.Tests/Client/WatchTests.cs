using System.Text;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Client;

public sealed class WatchTests
{
    private const string AddedA = """{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"5"}}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_is_delivered_while_the_stream_stays_open()
    {
        var received = new SemaphoreSlim(0);
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            for (var i = 0; i < 3; i++)
            {
                await SendAsync(context, AddedA + "\n");
                await received.WaitAsync(context.RequestAborted);
            }
        });
        using var client = ClientOf(server);

        var count = 0;
        await foreach (var watched in client.WatchAsync<V1ConfigMap>("ns", new WatchOptions { ResourceVersion = "4", FieldSelector = "metadata.name=a", Timeout = TimeSpan.FromMinutes(5) }, Cancel))
        {
            watched.Type.ShouldBe(WatchEventType.Added);
            watched.Object.Metadata.Name.ShouldBe("a");
            count++;
            received.Release();
        }

        count.ShouldBe(3);
        server.Last.PathAndQuery.ShouldBe(
            "/api/v1/namespaces/ns/configmaps?watch=true&fieldSelector=metadata.name%3Da&resourceVersion=4&timeoutSeconds=300&allowWatchBookmarks=true");
    }

    [Fact]
    public async Task Initial_events_are_asked_for_with_what_the_server_wants_besides()
    {
        await using var server = await ScriptedServer.StartAsync(context => SendAsync(context, AddedA));
        using var client = ClientOf(server);

        await CollectAsync(client, new WatchOptions { SendInitialEvents = true, AllowBookmarks = false });

        server.Last.PathAndQuery.ShouldBe(
            "/api/v1/namespaces/ns/configmaps?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
    }

    [Fact]
    public async Task Order_of_type_and_object_does_not_matter()
    {
        await using var server = await ScriptedServer.StartAsync(context => SendAsync(
            context, """{"object":{"metadata":{"name":"a","labels":{"type":"ERROR"}}},"later":[{"type":1}],"type":"DELETED"}"""));
        using var client = ClientOf(server);

        var watched = (await CollectAsync(client)).Single();

        watched.Type.ShouldBe(WatchEventType.Deleted);
        watched.Object.Metadata.Labels["type"].ShouldBe("ERROR");
    }

    [Fact]
    public async Task Bookmark_is_read_though_it_lacks_what_the_kind_requires()
    {
        await using var server = await ScriptedServer.StartAsync(context => SendAsync(
            context,
            """{"type":"BOOKMARK","object":{"kind":"Demanding","apiVersion":"test.kiban.dev/v1","metadata":{"resourceVersion":"99","creationTimestamp":null,"annotations":{"k8s.io/initial-events-end":"true"}},"spec":null}}"""));
        using var client = ClientOf(server);

        var events = new List<WatchEvent<Demanding>>();
        await foreach (var watched in client.WatchAsync<Demanding>("ns", new WatchOptions(), Cancel))
        {
            events.Add(watched);
        }

        events.Single().Type.ShouldBe(WatchEventType.Bookmark);
        events.Single().Object.Metadata.ShouldSatisfyAllConditions(
            metadata => metadata.ResourceVersion.ShouldBe("99"), metadata => metadata.Annotations.ShouldContainKey("k8s.io/initial-events-end"));
    }

    [Fact]
    public async Task Error_event_is_thrown_with_its_code()
    {
        await using var server = await ScriptedServer.StartAsync(context => SendAsync(
            context, AddedA + """{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","message":"too old resource version: 1 (5)","reason":"Expired","code":410}}"""));
        using var client = ClientOf(server);
        var events = new List<WatchEvent<V1ConfigMap>>();

        var failure = await Should.ThrowAsync<KubernetesException>(() => CollectAsync(client, into: events));

        failure.IsGone.ShouldBeTrue();
        failure.Message.ShouldBe("WATCH /api/v1/namespaces/ns/configmaps: 410 Expired: too old resource version: 1 (5)");
        events.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refusal_before_the_stream_is_thrown_with_its_code()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerJson(
            context, """{"kind":"Status","apiVersion":"v1","message":"sendInitialEvents is forbidden","reason":"Invalid","code":422}""", 422));
        using var client = ClientOf(server);

        (await Should.ThrowAsync<KubernetesException>(() => CollectAsync(client))).Code.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData(true)] // connection reset
    [InlineData(false)] // the stream ends in good order, but inside a document
    public async Task Stream_cut_inside_an_event_is_an_error_after_the_whole_events_before_it(bool abort)
    {
        var received = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            await SendAsync(context, AddedA + "\n" + AddedA[..40]);
            await received.Task;
            if (abort)
            {
                context.Abort();
            }
        });
        using var client = ClientOf(server);
        var count = 0;

        await Should.ThrowAsync<IOException>(async () =>
        {
            await foreach (var watched in client.WatchAsync<V1ConfigMap>("ns", new WatchOptions(), Cancel))
            {
                count++;
                received.SetResult();
            }
        });

        count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"type":"REWOUND","object":{"metadata":{"name":"a"}}}""", "REWOUND")]
    [InlineData("""{"type":"ADDED"}""", "no object")]
    [InlineData("""{"object":{}}""", "no type")]
    [InlineData("""[1]""", "StartArray")]
    [InlineData("""null""", "null")]
    public async Task Event_that_cannot_be_understood_ends_the_stream_with_an_error(string document, string told)
    {
        await using var server = await ScriptedServer.StartAsync(context => SendAsync(context, document));
        using var client = ClientOf(server);

        (await Should.ThrowAsync<IOException>(() => CollectAsync(client))).Message.ShouldContain(told);
    }

    [Fact]
    public async Task Cancelled_watch_closes_its_connection_at_once()
    {
        var closed = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(closed.SetResult);
            await SendAsync(context, AddedA);
            await closed.Task;
        });
        using var client = ClientOf(server);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var watched in client.WatchAsync<V1ConfigMap>("ns", new WatchOptions(), stop.Token))
            {
                await stop.CancelAsync();
            }
        });

        await closed.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task Stream_that_the_server_forgets_to_end_is_ended_here()
    {
        var time = new FakeTimeProvider();
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            await SendAsync(context, AddedA);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var client = new KubernetesClient(
            new KubernetesConnection { Server = server.Uri }, new KubernetesClientOptions { Time = time, RequestTimeout = TimeSpan.FromDays(1) });
        var started = time.GetUtcNow();

        var events = await time.RunAsync(CollectAsync(client, new WatchOptions { Timeout = TimeSpan.FromMinutes(5) }));

        events.Count.ShouldBe(1);
        (time.GetUtcNow() - started).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(5.5));
    }

    private static KubernetesClient ClientOf(ScriptedServer server) => new(new KubernetesConnection { Server = server.Uri });

    private static async Task SendAsync(HttpContext context, string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await context.Response.Body.FlushAsync();
    }

    private static async Task<List<WatchEvent<V1ConfigMap>>> CollectAsync(KubernetesClient client, WatchOptions? options = null, List<WatchEvent<V1ConfigMap>>? into = null)
    {
        into ??= [];
        await foreach (var watched in client.WatchAsync<V1ConfigMap>("ns", options ?? new WatchOptions(), Cancel))
        {
            into.Add(watched);
        }

        return into;
    }

    [KubernetesEntity(Group = "test.kiban.dev", ApiVersion = "v1", Kind = "Demanding", PluralName = "demandings")]
    private sealed class Demanding : IKubernetesObject<V1ObjectMeta>
    {
        public string ApiVersion { get; set; } = "";

        public string Kind { get; set; } = "";

        public V1ObjectMeta Metadata { get; set; } = new();

        public required string Spec { get; set; }
    }
}
