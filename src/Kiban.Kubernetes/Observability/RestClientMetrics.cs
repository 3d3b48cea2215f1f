using System.Diagnostics.Metrics;
using System.Globalization;

namespace Kiban.Kubernetes.Observability;

/// <summary>What the client asks of the API server: client-go's <c>rest_client_*</c>.</summary>
public sealed class RestClientMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;

    /// <summary>Creates the instruments.</summary>
    public RestClientMetrics(IMeterFactory factory)
    {
        var meter = KibanMeter.Create(factory);
        _requests = meter.CreateCounter<long>(
            "rest_client_requests_total", description: "Number of HTTP requests, partitioned by status code, method, and host.");
        _duration = meter.CreateHistogram(
            "rest_client_request_duration_seconds",
            unit: null,
            description: "Request latency in seconds, until the answer's headers. Broken down by verb and host.",
            tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60] });
    }

    /// <summary>Records one try of a request.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="host">Host and port of the server.</param>
    /// <param name="code">Status code of the answer; null where there was none.</param>
    /// <param name="duration">Time until the answer's headers.</param>
    public void Record(string method, string host, int? code, TimeSpan duration)
    {
        _requests.Add(
            1,
            new("code", code?.ToString(CultureInfo.InvariantCulture) ?? "<error>"),
            new("method", method),
            new("host", host));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("verb", method), new("host", host));
    }
}
