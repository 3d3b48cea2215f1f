using System.Net;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Client;

public sealed class RetryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<DateTimeOffset> _asked = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429, "3", "POST", 2)] // not carried out, and it says when to come back: whatever the verb
    [InlineData(429, null, "GET", 1)] // an answer, such as a disruption budget's
    [InlineData(429, "3600", "GET", 1)] // longer than anybody should wait inside a call
    [InlineData(503, "3", "GET", 2)]
    [InlineData(503, null, "GET", 2)]
    [InlineData(504, null, "GET", 2)]
    [InlineData(503, "3", "POST", 1)] // it may have been carried out
    [InlineData(500, "3", "GET", 1)]
    public async Task Request_is_sent_again_only_where_that_is_safe_and_wanted(int code, string? retryAfter, string verb, int requests)
    {
        await using var server = await FailingOnceAsync(code, retryAfter);
        using var client = ClientOf(server);

        var call = verb == "GET" ? client.GetAsync<V1ConfigMap>("a", "ns", Cancel) : client.CreateAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "ns" } }, Cancel);
        if (requests == 1)
        {
            var refusal = await Should.ThrowAsync<KubernetesException>(_time.RunAsync(call));
            refusal.Code.ShouldBe((HttpStatusCode)code);
            refusal.RetryAfter.ShouldBe(retryAfter is null ? null : TimeSpan.FromSeconds(int.Parse(retryAfter, System.Globalization.CultureInfo.InvariantCulture)));
        }
        else
        {
            await _time.RunAsync(call);
        }

        server.Requests.Count.ShouldBe(requests);
        if (requests == 2)
        {
            server.Requests.Last().Body.ShouldBe(server.Requests.First().Body);
            (_asked[1] - _asked[0]).ShouldBeGreaterThanOrEqualTo(retryAfter is null ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(3));
        }
    }

    [Fact]
    public async Task Server_that_stays_busy_is_given_up_after_the_last_retry()
    {
        await using var server = await ScriptedServer.StartAsync(context => FailAsync(context, 429, "1"));
        using var client = ClientOf(server);

        var refusal = await Should.ThrowAsync<KubernetesException>(_time.RunAsync(client.GetAsync<V1ConfigMap>("a", "ns", Cancel)));

        refusal.Code.ShouldBe(HttpStatusCode.TooManyRequests);
        server.Requests.Count.ShouldBe(1 + new RetryOptions().MaxRetries);
    }

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("POST", 1)]
    public async Task Connection_that_breaks_is_tried_again_for_reads_only(string verb, int requests)
    {
        var count = 0;
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (Interlocked.Increment(ref count) == 1)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return ScriptedServer.AnswerOk(context);
        });
        using var client = ClientOf(server);

        var call = verb == "GET" ? client.GetAsync<V1ConfigMap>("a", "ns", Cancel) : client.CreateAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "ns" } }, Cancel);
        if (requests == 1)
        {
            (await Should.ThrowAsync<HttpRequestException>(_time.RunAsync(call))).Message.ShouldStartWith("POST /api/v1/namespaces/ns/configmaps: ");
        }
        else
        {
            await _time.RunAsync(call);
        }

        server.Requests.Count.ShouldBe(requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_that_does_not_answer_in_time_is_a_time_out_and_no_cancellation(bool afterHeaders)
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            if (afterHeaders)
            {
                await context.Response.Body.WriteAsync("{"u8.ToArray());
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var client = new KubernetesClient(new KubernetesConnection { Server = server.Uri }, new KubernetesClientOptions { Time = _time, RequestTimeout = TimeSpan.FromMinutes(1) });

        var failure = await Should.ThrowAsync<TimeoutException>(_time.RunAsync(client.GetAsync<V1ConfigMap>("a", "ns", Cancel)));

        failure.Message.ShouldStartWith("GET /api/v1/namespaces/ns/configmaps/a: ");
    }

    private KubernetesClient ClientOf(ScriptedServer server) =>
        new(new KubernetesConnection { Server = server.Uri }, new KubernetesClientOptions { Time = _time, RequestTimeout = TimeSpan.FromDays(1) });

    private async Task<ScriptedServer> FailingOnceAsync(int code, string? retryAfter)
    {
        var count = 0;
        return await ScriptedServer.StartAsync(context =>
        {
            lock (_asked)
            {
                _asked.Add(_time.GetUtcNow());
            }

            return Interlocked.Increment(ref count) == 1 ? FailAsync(context, code, retryAfter) : ScriptedServer.AnswerOk(context);
        });
    }

    private static Task FailAsync(HttpContext context, int code, string? retryAfter)
    {
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        return ScriptedServer.AnswerJson(context, $$"""{"kind":"Status","apiVersion":"v1","message":"not now","code":{{code}}}""", code);
    }
}
