using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kiban.Kubernetes.Observability;

/// <summary>Registers and serves what a program tells about itself.</summary>
public static class ObservabilityExtensions
{
    // The most are those of rest_client_requests_total and of the webhooks: one for each webhook or host, method and status. More than these
    // are summed up under otel_metric_overflow="true".
    private const int SeriesPerInstrument = 250;

    /// <summary>
    /// Adds the instruments, their Prometheus rendering and health checks; and sends traces and metrics by OTLP where
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set (the other standard <c>OTEL_*</c> variables hold as well).
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="serviceName">Name of the program in traces; <c>OTEL_SERVICE_NAME</c> wins.</param>
    public static IServiceCollection AddKibanObservability(this IServiceCollection services, string serviceName)
    {
        services.AddMetrics();
        services.TryAddSingleton<RestClientMetrics>();
        services.TryAddSingleton<ReconcileMetrics>();
        services.TryAddSingleton<WorkqueueMetrics>();
        services.TryAddSingleton<LeaderElectionMetrics>();
        services.TryAddSingleton<WebhookMetrics>();
        services.TryAddSingleton<CertificateMetrics>();
        services.AddHealthChecks();

        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(serviceName).AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter($"{KibanMeter.Prefix}.*", "System.Runtime");
                // Room for this many combinations of labels is allocated for each instrument at once; the default of 2000 costs 5 MiB.
                metrics.AddView(static _ => new MetricStreamConfiguration { CardinalityLimit = SeriesPerInstrument });
                // Dashboards for operators select on the labels that controller-runtime has, and would show a scope as one more series.
                metrics.AddPrometheusExporter(options => options.ScopeInfoEnabled = false);
                if (IsSet("OTEL_EXPORTER_OTLP_ENDPOINT"))
                {
                    metrics.AddOtlpExporter();
                }
            })
            .WithTracing(tracing =>
            {
                tracing.AddSource($"{KibanActivitySources.Prefix}.*");
                if (IsSet("OTEL_EXPORTER_OTLP_ENDPOINT"))
                {
                    tracing.AddOtlpExporter();
                }
            });
        return services;
    }

    /// <summary>Serves <c>/metrics</c>, <c>/healthz</c> (and <c>/livez</c>) and <c>/readyz</c>.</summary>
    public static IEndpointRouteBuilder MapKibanObservability(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPrometheusScrapingEndpoint("/metrics");
        HealthEndpoint.Map(endpoints, "healthz", HealthTags.Live);
        HealthEndpoint.Map(endpoints, "livez", HealthTags.Live);
        HealthEndpoint.Map(endpoints, "readyz", HealthTags.Ready);
        return endpoints;
    }

    /// <summary>Logs to standard output: one JSON document a line in a cluster, text for people elsewhere; both with scopes.</summary>
    public static ILoggingBuilder AddKibanConsole(this ILoggingBuilder logging) => logging.AddKibanConsole(IsSet("KUBERNETES_SERVICE_HOST"));

    internal static ILoggingBuilder AddKibanConsole(this ILoggingBuilder logging, bool isInCluster)
    {
        logging.ClearProviders();
        if (isInCluster)
        {
            logging.AddJsonConsole(options =>
            {
                options.IncludeScopes = true;
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.AddSimpleConsole(options =>
            {
                options.IncludeScopes = true;
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss.fff ";
                options.ColorBehavior = LoggerColorBehavior.Default;
            });
        }

        return logging;
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
