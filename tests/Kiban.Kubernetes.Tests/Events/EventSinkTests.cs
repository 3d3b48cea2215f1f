using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Events;
using Kiban.Kubernetes.Tests.Client;
using Kiban.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Events;

public sealed class EventSinkTests(ControlPlaneFixture cluster)
{
    private static readonly V1Pod Pod = new() { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "ns", Uid = "u", ResourceVersion = "7" } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_and_its_repetition_are_written_before_the_sink_has_stopped()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk);
        using var client = ClientOf(server);
        using var sink = new EventSink(client, new EventSinkOptions { Instance = "host-1" }, time, NullLogger<EventSink>.Instance);
        await sink.StartAsync(Cancel);
        var recorder = sink.For("kiban.dev/test");

        recorder.Record(Pod, EventType.Warning, "SecretNotFound", "Inject", "There is no Secret s.");
        recorder.Record(Pod, EventType.Warning, "SecretNotFound", "Inject", "There is no Secret s.");
        await sink.StopAsync(Cancel);

        server.Requests.Count.ShouldBe(2);
        var created = server.Requests.First();
        (created.Method, created.PathAndQuery).ShouldBe(("POST", "/apis/events.k8s.io/v1/namespaces/ns/events"));
        var name = (string)created.Json["metadata"]!["name"]!;
        JsonNode.DeepEquals(created.Json, JsonNode.Parse($$"""
            {
              "kind": "Event", "apiVersion": "events.k8s.io/v1", "metadata": {"name": "{{name}}", "namespace": "ns"},
              "type": "Warning", "reason": "SecretNotFound", "action": "Inject", "note": "There is no Secret s.",
              "eventTime": "2026-01-01T00:00:00.000000Z", "reportingController": "kiban.dev/test", "reportingInstance": "host-1",
              "regarding": {"apiVersion": "v1", "kind": "Pod", "name": "a", "namespace": "ns", "uid": "u", "resourceVersion": "7"}
            }
            """)).ShouldBeTrue(created.Body);
        (server.Last.Method, server.Last.PathAndQuery).ShouldBe(("PATCH", $"/apis/events.k8s.io/v1/namespaces/ns/events/{name}"));
        JsonNode.DeepEquals(server.Last.Json, JsonNode.Parse("""{"series":{"count":2,"lastObservedTime":"2026-01-01T00:00:00.000000Z"}}""")).ShouldBeTrue(server.Last.Body);
    }

    [Fact]
    public async Task Old_form_is_written_where_the_new_is_not_served()
    {
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Path.StartsWithSegments("/apis")
            ? ScriptedServer.AnswerJson(context, """{"kind":"Status","apiVersion":"v1","message":"the server could not find the requested resource","reason":"NotFound","code":404}""", 404)
            : ScriptedServer.AnswerOk(context));
        using var client = ClientOf(server);
        using var sink = new EventSink(client, new EventSinkOptions(), TimeProvider.System, NullLogger<EventSink>.Instance);
        await sink.StartAsync(Cancel);

        for (var i = 0; i < 3; i++)
        {
            sink.For("kiban.dev/test").Record(Pod, EventType.Normal, "Loaded", "Load", "All is there.");
        }

        await sink.StopAsync(Cancel);

        server.Requests.Select(request => $"{request.Method} {string.Join('/', request.PathAndQuery.Split('/')[..3])}").ShouldBe([
            "POST /apis/events.k8s.io", "POST /api/v1", "PATCH /api/v1", "PATCH /api/v1",
        ]);
        server.Last.Json["count"]!.GetValue<int>().ShouldBe(3);
        var created = server.Requests.ElementAt(1).Json;
        ((string?)created["involvedObject"]!["name"], (string?)created["message"], (string?)created["source"]!["component"]).ShouldBe(("a", "All is there.", "kiban.dev/test"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Server_that_hangs_holds_nobody_up_and_the_stop_only_as_long_as_it_may()
    {
        var asked = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var client = ClientOf(server);
        using var sink = new EventSink(client, new EventSinkOptions { Capacity = 5 }, TimeProvider.System, NullLogger<EventSink>.Instance);
        await sink.StartAsync(Cancel);

        for (var i = 0; i < 1000; i++)
        {
            sink.For("kiban.dev/test").Record(Pod, EventType.Normal, $"Reason{i}", "Load", "All is there.");
        }

        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource();
        var stop = sink.StopAsync(patience.Token);
        stop.IsCompleted.ShouldBeFalse();
        await patience.CancelAsync();
        await stop;
    }

    [Fact]
    public async Task Failed_write_is_tried_again_and_a_refused_one_is_not()
    {
        var time = new FakeTimeProvider();
        var count = 0;
        await using var server = await ScriptedServer.StartAsync(context => Interlocked.Increment(ref count) switch
        {
            1 => ScriptedServer.AnswerJson(context, """{"kind":"Status","code":500}""", 500),
            2 => ScriptedServer.AnswerOk(context),
            _ => ScriptedServer.AnswerJson(context, """{"kind":"Status","code":403}""", 403),
        });
        using var client = ClientOf(server);
        using var sink = new EventSink(client, new EventSinkOptions(), time, NullLogger<EventSink>.Instance);
        await sink.StartAsync(Cancel);
        var recorder = sink.For("kiban.dev/test");

        recorder.Record(Pod, EventType.Normal, "First", "Load", "All is there.");
        recorder.Record(Pod, EventType.Normal, "Second", "Load", "All is there.");
        while (count < 3)
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        }

        await sink.StopAsync(Cancel);
        server.Requests.Select(request => (string?)request.Json["reason"]).ShouldBe(["First", "First", "Second"]);
    }

    [Fact]
    public async Task Real_server_shows_what_was_recorded_about_objects_with_and_without_namespace()
    {
        using var client = new KubernetesClient(KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath));
        var ns = await cluster.CreateNamespaceAsync("events", Cancel);
        var configMap = await client.CreateAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = ns } }, Cancel);
        var itself = await client.GetAsync<V1Namespace>(ns, null, Cancel);
        using var sink = new EventSink(client, new EventSinkOptions(), TimeProvider.System, NullLogger<EventSink>.Instance);
        await sink.StartAsync(Cancel);

        for (var i = 0; i < 3; i++)
        {
            sink.For("kiban.dev/test").Record(configMap, EventType.Warning, "Missing", "Load", "It is not there.");
            sink.For("kiban.dev/test").Record(itself, EventType.Normal, "Adopted", "Adopt", "It is ours.");
        }

        await sink.StopAsync(Cancel);

        var events = await client.ListAllAsync<Corev1Event>(ns, new ListOptions(), Cancel);
        events.Items.Single().ShouldSatisfyAllConditions(
            stored => stored.Reason.ShouldBe("Missing"),
            stored => stored.InvolvedObject.Uid.ShouldBe(configMap.Metadata.Uid),
            stored => (stored.Series?.Count ?? stored.Count).ShouldBe(3));
        var about = await client.ListAllAsync<Corev1Event>("default", new ListOptions { FieldSelector = $"involvedObject.name={ns}" }, Cancel);
        about.Items.Single().ShouldSatisfyAllConditions(
            stored => stored.Message.ShouldBe("It is ours."),
            stored => (stored.Series?.Count ?? stored.Count).ShouldBe(3));
        (await cluster.KubectlAsync("get", "events", "-n", ns)).ShouldContain("It is not there.");
    }

    private static KubernetesClient ClientOf(ScriptedServer server) => new(new KubernetesConnection { Server = server.Uri });
}
