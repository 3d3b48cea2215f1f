using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Observability;
using Kiban.Kubernetes.Tests.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Kiban.Kubernetes.Tests.Observability;

public sealed partial class ObservabilityTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private HealthCheckResult _storage = HealthCheckResult.Healthy();
    private WebApplication _app = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKibanObservability("test");
        builder.Services.AddHealthChecks()
            .AddCheck("storage", () => _storage, tags: [HealthTags.Ready])
            .AddCheck("caches", () => HealthCheckResult.Healthy(), tags: [HealthTags.Ready, HealthTags.Live]);
        _app = builder.Build();
        _app.MapKibanObservability();
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Metrics_have_the_names_and_labels_that_dashboards_for_operators_read()
    {
        var controller = Get<ReconcileMetrics>().ForController("pods", 3);
        controller.Started();
        controller.Finished(ReconcileOutcome.Error, TimeSpan.FromMilliseconds(7));
        controller.Started();
        using var queue = Get<WorkqueueMetrics>().ForQueue("pods", () => new WorkqueueState(4, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1)));
        queue.Added();
        queue.Retried();
        queue.Taken(TimeSpan.FromMilliseconds(2));
        queue.Done(TimeSpan.FromMilliseconds(3));
        Get<LeaderElectionMetrics>().Record("kiban-manager", true);
        Get<RestClientMetrics>().Record("GET", "10.96.0.1:443", 200, TimeSpan.FromMilliseconds(3));
        Get<RestClientMetrics>().Record("GET", "10.96.0.1:443", null, TimeSpan.FromMilliseconds(3));
        var webhook = Get<WebhookMetrics>().ForWebhook("/mutate/pods");
        webhook.Started();
        webhook.Finished(200, TimeSpan.FromMilliseconds(1));
        Get<CertificateMetrics>().Loaded("webhook", DateTimeOffset.FromUnixTimeSeconds(2_000_000_000));

        var text = await _http.GetStringAsync("/metrics", Cancel);

        string[] expected =
        [
            """controller_runtime_reconcile_total{controller="pods",result="success"} 0""",
            """controller_runtime_reconcile_total{controller="pods",result="error"} 1""",
            """controller_runtime_reconcile_total{controller="pods",result="requeue"} 0""",
            """controller_runtime_reconcile_total{controller="pods",result="requeue_after"} 0""",
            """controller_runtime_reconcile_errors_total{controller="pods"} 1""",
            """controller_runtime_reconcile_time_seconds_bucket{controller="pods",le="0.005"} 0""",
            """controller_runtime_reconcile_time_seconds_bucket{controller="pods",le="0.01"} 1""",
            """controller_runtime_reconcile_time_seconds_sum{controller="pods"} 0.007""",
            """controller_runtime_active_workers{controller="pods"} 1""",
            """controller_runtime_max_concurrent_reconciles{controller="pods"} 3""",
            """workqueue_depth{name="pods"} 4""",
            """workqueue_adds_total{name="pods"} 1""",
            """workqueue_retries_total{name="pods"} 1""",
            """workqueue_queue_duration_seconds_count{name="pods"} 1""",
            """workqueue_work_duration_seconds_count{name="pods"} 1""",
            """workqueue_unfinished_work_seconds{name="pods"} 1.5""",
            """workqueue_longest_running_processor_seconds{name="pods"} 1""",
            """leader_election_master_status{name="kiban-manager"} 1""",
            """rest_client_requests_total{code="200",host="10.96.0.1:443",method="GET"} 1""",
            """rest_client_requests_total{code="<error>",host="10.96.0.1:443",method="GET"} 1""",
            """rest_client_request_duration_seconds_count{host="10.96.0.1:443",verb="GET"} 2""",
            """controller_runtime_webhook_requests_total{code="200",webhook="/mutate/pods"} 1""",
            """controller_runtime_webhook_requests_total{code="500",webhook="/mutate/pods"} 0""",
            """controller_runtime_webhook_latency_seconds_count{webhook="/mutate/pods"} 1""",
            """controller_runtime_webhook_requests_in_flight{webhook="/mutate/pods"} 0""",
            "certwatcher_read_certificate_total{} 1",
            """kiban_serving_certificate_not_after_timestamp_seconds{name="webhook"} 2000000000""",
        ];
        var lines = text.Split('\n').Select(line => Timestamp().Replace(line, "$1")).ToHashSet();
        expected.Where(line => !lines.Contains(line)).ShouldBeEmpty(text);
        text.ShouldContain("# TYPE controller_runtime_reconcile_total counter");
        text.ShouldContain("# TYPE workqueue_depth gauge");
        text.ShouldContain("# TYPE workqueue_queue_duration_seconds histogram");
    }

    [Fact]
    public async Task Queue_that_is_gone_is_no_longer_shown()
    {
        Get<WorkqueueMetrics>().ForQueue("gone", () => new WorkqueueState(1, default, default)).Dispose();

        (await _http.GetStringAsync("/metrics", Cancel)).ShouldNotContain("workqueue_depth{name=\"gone\"");
    }

    [Fact]
    public async Task Healthy_program_says_ok_and_with_verbose_what_was_checked()
    {
        (await _http.GetStringAsync("/healthz", Cancel)).ShouldBe("ok");
        (await _http.GetStringAsync("/livez", Cancel)).ShouldBe("ok");
        (await _http.GetStringAsync("/readyz?verbose", Cancel)).ShouldBe("[+]ping ok\n[+]storage ok\n[+]caches ok\nreadyz check passed\n");
        (await _http.GetStringAsync("/healthz?verbose", Cancel)).ShouldBe("[+]ping ok\n[+]caches ok\nhealthz check passed\n");
    }

    [Fact]
    public async Task Program_that_is_not_ready_names_the_check_and_not_the_exception()
    {
        _storage = HealthCheckResult.Unhealthy("not in step yet", new InvalidOperationException("s3cret"));

        var answer = await _http.GetAsync("/readyz", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldBe("[+]ping ok\n[-]storage failed: not in step yet\n[+]caches ok\nreadyz check failed\n");
        (await _http.GetStringAsync("/healthz", Cancel)).ShouldBe("ok", "it need not be restarted");
        (await _http.GetStringAsync("/readyz?exclude=storage", Cancel)).ShouldBe("ok");
        (await _http.GetAsync("/readyz/storage", Cancel)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await _http.GetStringAsync("/readyz/caches", Cancel)).ShouldBe("ok");
        (await _http.GetAsync("/readyz/nothing", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Request_to_the_server_is_counted_and_traced()
    {
        await using var server = await ScriptedServer.StartAsync(context => ScriptedServer.AnswerJson(context, """{"kind":"Status","code":404}""", 404));
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Kiban.Kubernetes.Client",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("server.port") as int? == server.Uri.Port)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var client = new KubernetesClient(new KubernetesConnection { Server = server.Uri }, new KubernetesClientOptions { Metrics = Get<RestClientMetrics>() });

        await client.FindAsync<V1Secret>("a", "ns", Cancel);

        var span = spans.Single();
        (span.DisplayName, span.Kind, span.Status).ShouldBe(("GET /api/v1/namespaces/ns/secrets/a", ActivityKind.Client, ActivityStatusCode.Error));
        span.GetTagItem("http.response.status_code").ShouldBe(404);
        server.Last.Headers.ShouldContainKey("traceparent");
        (await _http.GetStringAsync("/metrics", Cancel)).ShouldContain($$"""rest_client_requests_total{code="404",host="{{server.Uri.Authority}}",method="GET"} 1""");
    }

    [Fact]
    public async Task Spans_go_to_the_collector_that_the_environment_names()
    {
        await using var collector = await ScriptedServer.StartAsync(_ => Task.CompletedTask);
        await using var server = await ScriptedServer.StartAsync(ScriptedServer.AnswerOk);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Uri.ToString());
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        try
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddKibanObservability("kiban-test");
            await using var app = builder.Build();
            await app.StartAsync(Cancel);
            using var client = new KubernetesClient(new KubernetesConnection { Server = server.Uri });

            await client.GetAsync<V1ConfigMap>("a", "ns", Cancel);
            await app.StopAsync(Cancel);
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", null);
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        }

        collector.Requests.ShouldContain(request => request.PathAndQuery == "/v1/traces" && request.Body.Contains("GET /api/v1/namespaces/ns/configmaps/a", StringComparison.Ordinal) && request.Body.Contains("kiban-test", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "json")]
    [InlineData(false, "simple")]
    public void Logs_are_JSON_with_scopes_in_a_cluster_and_text_elsewhere(bool isInCluster, string formatter)
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.AddKibanConsole(isInCluster)).BuildServiceProvider();

        services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName.ShouldBe(formatter);
        services.GetRequiredService<IOptions<JsonConsoleFormatterOptions>>().Value.IncludeScopes.ShouldBe(isInCluster);
        services.GetRequiredService<IOptions<SimpleConsoleFormatterOptions>>().Value.IncludeScopes.ShouldBe(!isInCluster);
    }

    private T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    [GeneratedRegex(@"^(.* [^ ]+) \d{13}$")]
    private static partial Regex Timestamp();
}
