using System.Diagnostics.Metrics;

namespace Kiban.Kubernetes.Observability;

/// <summary>The certificates this process serves with: controller-runtime's <c>certwatcher_*</c>, and when they expire.</summary>
public sealed class CertificateMetrics
{
    private readonly Counter<long> _reads;
    private readonly Counter<long> _errors;
    private readonly Gauge<double> _expiry;

    /// <summary>Creates the instruments.</summary>
    public CertificateMetrics(IMeterFactory factory)
    {
        var meter = KibanMeter.Create(factory);
        _reads = meter.CreateCounter<long>("certwatcher_read_certificate_total", description: "Total number of certificate reads.");
        _errors = meter.CreateCounter<long>("certwatcher_read_certificate_errors_total", description: "Total number of certificate read errors.");
        _expiry = meter.CreateGauge<double>(
            "kiban_serving_certificate_not_after_timestamp_seconds", description: "When the certificate that is served expires, in seconds since 1970.");
    }

    /// <summary>A certificate was loaded and is served from now on.</summary>
    /// <param name="name">What it is served for, such as <c>webhook</c>.</param>
    /// <param name="notAfter">When it expires.</param>
    public void Loaded(string name, DateTimeOffset notAfter)
    {
        _reads.Add(1);
        _expiry.Record(notAfter.ToUnixTimeSeconds(), new KeyValuePair<string, object?>("name", name));
    }

    /// <summary>A certificate could not be loaded; the one before is still served.</summary>
    public void Failed()
    {
        _reads.Add(1);
        _errors.Add(1);
    }
}
