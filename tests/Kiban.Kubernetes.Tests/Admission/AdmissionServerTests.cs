using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Admission.Registration;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Admission;

public sealed class AdmissionServerTests : IAsyncDisposable
{
    private const string Pod = """{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"web-","creationTimestamp":null},"spec":{"containers":[{"name":"web"}]},"status":{}}""";

    private readonly FakeKubernetes _kubernetes = new(TimeProvider.System);
    private AdmissionServer? _server;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _kubernetes.Dispose();
    }

    [Fact]
    public async Task Changed_object_comes_back_as_a_patch()
    {
        var server = await StartAsync(request =>
        {
            request.Uid.ShouldBe(Reviews.Uid);
            (request.Kind, request.Resource, request.Subresource, request.Name).ShouldBe(("Pod", "pods", null, null));
            (request.Namespace, request.Operation, request.Username).ShouldBe(("team-a", AdmissionOperation.Create, "alice"));
            request.OldObject.ShouldBeNull();
            request.Object!["metadata"]!.AsObject()["labels"] = new JsonObject { ["é/~"] = "ü" };
            return AdmissionResponse.Allow("a warning");
        });

        var response = await server.ReviewAsync("/mutate?timeout=5s", Reviews.Create(Pod));

        ((string?)response["uid"]).ShouldBe(Reviews.Uid);
        ((bool?)response["allowed"]).ShouldBe(true);
        ((string?)response["patchType"]).ShouldBe("JSONPatch");
        Encoding.UTF8.GetString(Convert.FromBase64String((string)response["patch"]!))
            .ShouldBe("""[{"op":"add","path":"/metadata/labels","value":{"é/~":"ü"}}]""");
        response["warnings"]!.ToJsonString().ShouldBe("""["a warning"]""");
    }

    [Fact]
    public async Task Unchanged_object_has_no_patch()
    {
        var server = await StartAsync(_ => AdmissionResponse.Allow());
        var response = await server.ReviewAsync("/mutate", Reviews.Create(Pod));
        response.ToJsonString().ShouldBe($$"""{"uid":"{{Reviews.Uid}}","allowed":true}""");
    }

    [Fact]
    public async Task A_validating_handler_never_patches()
    {
        var server = await StartAsync(
            request =>
            {
                request.Object!["metadata"] = null;
                return AdmissionResponse.Allow();
            },
            mutating: false);
        (await server.ReviewAsync("/mutate", Reviews.Create(Pod))).ContainsKey("patch").ShouldBeFalse();
    }

    [Fact]
    public async Task Refusal_carries_code_reason_and_sentence()
    {
        var server = await StartAsync(request =>
        {
            request.Object!["spec"] = "half done";
            return AdmissionResponse.Invalid("Pod web-: spec.containers[0].image is missing.");
        });
        var response = await server.ReviewAsync("/mutate", Reviews.Create(Pod));
        response.ToJsonString().ShouldBe(
            $$$"""{"uid":"{{{Reviews.Uid}}}","allowed":false,"status":{"code":422,"reason":"Invalid","message":"Pod web-: spec.containers[0].image is missing."}}""");
    }

    [Fact]
    public async Task Dry_run_reaches_the_handler()
    {
        List<bool> seen = [];
        var server = await StartAsync(request =>
        {
            seen.Add(request.DryRun);
            return AdmissionResponse.Allow();
        });
        await server.ReviewAsync("/mutate", Reviews.Create(Pod));
        await server.ReviewAsync("/mutate", Reviews.Create(Pod, dryRun: true));
        seen.ShouldBe([false, true]);
    }

    [Fact]
    public async Task An_exception_in_a_handler_is_an_internal_error_that_quotes_nothing()
    {
        var server = await StartAsync(_ => throw new InvalidOperationException("hunter2"));

        var response = await server.ReviewAsync("/mutate", Reviews.Create(Pod));

        ((string?)response["uid"]).ShouldBe(Reviews.Uid);
        ((bool?)response["allowed"]).ShouldBe(false);
        ((int?)response["status"]!["code"]).ShouldBe(500);
        ((string?)response["status"]!["message"])!.ShouldContain(Reviews.Uid);
        response.ToJsonString().ShouldNotContain("hunter2");
        server.Log.ToString().ShouldContain("InvalidOperationException");
        server.Log.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task A_handler_that_outlives_the_deadline_leaves_the_decision_to_the_failure_policy()
    {
        var time = new FakeTimeProvider();
        var began = new TaskCompletionSource();
        _server = await AdmissionServer.StartAsync(
            _kubernetes,
            [
                new DelegateHandler(DelegateHandler.OnPods("/mutate", mutating: true), async (_, cancellationToken) =>
                {
                    began.SetResult();
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    return AdmissionResponse.Allow();
                }),
            ],
            time: time);
        await CertifyAsync(_server);

        var answer = _server.PostAsync("/mutate?timeout=3s", Reviews.Create(Pod));
        await began.Task;
        time.Advance(TimeSpan.FromSeconds(2.7));
        answer.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(0.1));
        (await answer).StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
    }

    [Theory]
    [InlineData("not json", "malformed")]
    [InlineData("""{"kind":"AdmissionReview","kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}""", "property twice")]
    [InlineData("""{"kind":"Pod","apiVersion":"v1"}""", "no AdmissionReview")]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}""", "no request")]
    public async Task What_is_no_review_is_a_bad_request(string body, string why)
    {
        var server = await StartAsync(_ => AdmissionResponse.Allow());
        using var answer = await server.PostAsync("/mutate", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(why);
    }

    [Fact]
    public async Task A_property_twice_deep_in_the_object_is_refused_and_not_quoted()
    {
        var server = await StartAsync(_ => AdmissionResponse.Allow());
        using var answer = await server.PostAsync("/mutate", Reviews.Create("""{"metadata":{"labels":{"a":"hunter1","a":"hunter2"}}}"""));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("hunter");
        server.Log.ToString().ShouldNotContain("hunter");
    }

    [Fact]
    public async Task Version_v1beta1_is_refused_and_says_what_to_register()
    {
        var server = await StartAsync(_ => AdmissionResponse.Allow());
        using var answer = await server.PostAsync("/mutate", Reviews.Create(Pod, apiVersion: "admission.k8s.io/v1beta1"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("""admissionReviewVersions ["v1"]""");
    }

    [Theory]
    [InlineData(9_000, HttpStatusCode.OK)]
    [InlineData(20_000, HttpStatusCode.BadRequest)]
    public async Task Nesting_is_limited_as_in_the_API_server(int depth, HttpStatusCode expected)
    {
        var server = await StartAsync(request =>
        {
            request.Object!["added"] = true;
            return AdmissionResponse.Allow();
        });
        var deep = $$"""{"x":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        using var answer = await server.PostAsync("/mutate", Reviews.Create(deep));
        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_review_of_two_large_objects_fits_and_a_larger_one_does_not()
    {
        var server = await StartAsync(request =>
        {
            request.Object!["metadata"]!["name"] = "renamed";
            return AdmissionResponse.Allow();
        });
        var large = Reviews.Create($$"""{"metadata":{"name":"x"},"data":"{{new string('a', 8 * 1024 * 1024)}}"}""");
        var response = await server.ReviewAsync("/mutate", large);
        Encoding.UTF8.GetString(Convert.FromBase64String((string)response["patch"]!)).ShouldBe("""[{"op":"replace","path":"/metadata/name","value":"renamed"}]""");

        // The body is sent only when the server asks for it, which it does not.
        server.Http.DefaultRequestHeaders.ExpectContinue = true;
        using var tooLarge = await server.PostAsync("/mutate", new byte[AdmissionOptions.MaxReviewBytes + 1]);
        tooLarge.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("kube-system")]
    [InlineData("kiban-system")]
    public async Task Objects_of_the_systems_namespaces_are_never_shown_to_a_handler(string @namespace)
    {
        var server = await StartAsync(_ => AdmissionResponse.Forbidden("never"));
        ((bool?)(await server.ReviewAsync("/mutate", Reviews.Create(Pod, @namespace)))["allowed"]).ShouldBe(true);
    }

    [Fact]
    public async Task Requests_are_counted_under_controller_runtimes_names()
    {
        var server = await StartAsync(_ => AdmissionResponse.Allow());
        List<string> recorded = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == server.Services.GetRequiredService<IMeterFactory>())
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (recorded)
                recorded.Add($"{instrument.Name}{{{string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}} {value:+0;-0;0}");
        });
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            lock (recorded)
                recorded.Add($"{instrument.Name}{{{string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}");
        });
        listener.Start();

        await server.ReviewAsync("/mutate", Reviews.Create(Pod));

        await Until.TrueAsync(
            () =>
            {
                lock (recorded)
                    return recorded.Contains("controller_runtime_webhook_requests_total{code=200,webhook=/mutate} +1");
            },
            "the request is counted");
        lock (recorded)
        {
            recorded.ShouldContain("controller_runtime_webhook_requests_in_flight{webhook=/mutate} +1");
            recorded.ShouldContain("controller_runtime_webhook_requests_in_flight{webhook=/mutate} -1");
            recorded.ShouldContain("controller_runtime_webhook_latency_seconds{webhook=/mutate}");
        }
    }

    [Fact]
    public async Task Objects_are_not_logged()
    {
        var server = await StartAsync(_ => AdmissionResponse.Allow());
        await server.ReviewAsync("/mutate", Reviews.Create("""{"kind":"Secret","metadata":{"name":"s"},"data":{"password":"aHVudGVyMg=="}}"""));
        await Until.TrueAsync(() => server.Log.ToString().Contains(Reviews.Uid, StringComparison.Ordinal), "the review is logged");
        server.Log.ToString().ShouldNotContain("aHVudGVyMg");
    }

    [Fact]
    public async Task A_replica_that_is_told_to_stop_turns_unready_answers_on_and_closes_connections()
    {
        var time = new FakeTimeProvider();
        _server = await AdmissionServer.StartAsync(
            _kubernetes,
            [new DelegateHandler(DelegateHandler.OnPods("/mutate", mutating: true), _ => AdmissionResponse.Allow())],
            options => options.DrainPeriod = TimeSpan.FromSeconds(10),
            time);
        await CertifyAsync(_server);
        (await _server.PostAsync("/mutate", Reviews.Create(Pod))).Headers.ConnectionClose.ShouldNotBe(true);
        (await _server.ReadinessAsync()).ShouldBe("");

        var stopped = _server.StopAsync();

        await Until.TrueAsync(() => _server.Log.ToString().Contains("Told to stop", StringComparison.Ordinal), "draining has begun");
        (await _server.ReadinessAsync()).ShouldContain("stopping");
        using var answer = await _server.PostAsync("/mutate", Reviews.Create(Pod));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Version.ShouldBe(HttpVersion.Version11);
        answer.Headers.ConnectionClose.ShouldBe(true);
        stopped.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(10));
        await stopped;
    }

    private async Task<AdmissionServer> StartAsync(Func<AdmissionRequest, AdmissionResponse> handle, bool mutating = true)
    {
        _server = await AdmissionServer.StartAsync(_kubernetes, [new DelegateHandler(DelegateHandler.OnPods("/mutate", mutating), handle)]);
        await CertifyAsync(_server);
        return _server;
    }

    /// <summary>Lets the leader make the certificates, and the replica load them.</summary>
    private static async Task CertifyAsync(AdmissionServer server)
    {
        await server.Leader.ReconcileAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => server.Certificate.Current is not null, "a certificate is served");
        await Until.TrueAsync(() => server.Certificate.Problem() is null, "the certificate chains");
    }
}
