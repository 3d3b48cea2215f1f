using System.Diagnostics.Metrics;

namespace Kiban.Kubernetes.Observability;

/// <summary>What webhooks answer: controller-runtime's <c>controller_runtime_webhook_*</c>.</summary>
public sealed class WebhookMetrics
{
    /// <summary>Creates the instruments.</summary>
    public WebhookMetrics(IMeterFactory factory)
    {
        var meter = KibanMeter.Create(factory);
        Requests = meter.CreateCounter<long>("controller_runtime_webhook_requests_total", description: "Total number of admission requests by HTTP status code.");
        Latency = meter.CreateHistogram(
            "controller_runtime_webhook_latency_seconds",
            unit: null,
            description: "Histogram of the latency of processing admission requests.",
            tags: null,
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            });
        InFlight = meter.CreateUpDownCounter<long>("controller_runtime_webhook_requests_in_flight", description: "Current number of admission requests being served.");
        Panics = meter.CreateCounter<long>("controller_runtime_webhook_panics_total", description: "Total number of webhook panics.");
        Panics.Add(0);
    }

    internal Counter<long> Requests { get; }

    internal Histogram<double> Latency { get; }

    internal UpDownCounter<long> InFlight { get; }

    internal Counter<long> Panics { get; }

    /// <summary>The recorder of one webhook.</summary>
    /// <param name="webhook">Path under which it is served.</param>
    public WebhookRecorder ForWebhook(string webhook) => new(this, webhook);
}
