using System.Globalization;

namespace Kiban.Kubernetes.Observability;

/// <summary>Records the requests of one webhook.</summary>
public sealed class WebhookRecorder
{
    private readonly WebhookMetrics _metrics;
    private readonly KeyValuePair<string, object?> _webhook;

    internal WebhookRecorder(WebhookMetrics metrics, string webhook)
    {
        _metrics = metrics;
        _webhook = new("webhook", webhook);
        metrics.InFlight.Add(0, _webhook);
        metrics.Requests.Add(0, Code(200), _webhook);
        metrics.Requests.Add(0, Code(500), _webhook);
    }

    /// <summary>A request came.</summary>
    public void Started() => _metrics.InFlight.Add(1, _webhook);

    /// <summary>It was answered with this HTTP status code (a refusal is an answer with 200).</summary>
    public void Finished(int code, TimeSpan duration)
    {
        _metrics.InFlight.Add(-1, _webhook);
        _metrics.Requests.Add(1, Code(code), _webhook);
        _metrics.Latency.Record(duration.TotalSeconds, _webhook);
    }

    /// <summary>Its handler ended in an exception.</summary>
    public void Panicked() => _metrics.Panics.Add(1);

    private static KeyValuePair<string, object?> Code(int code) => new("code", code.ToString(CultureInfo.InvariantCulture));
}
