using System.Diagnostics.Metrics;

namespace Kiban.Kubernetes.Observability;

/// <summary>
/// The meter of everything in this assembly. Instruments have controller-runtime's and client-go's names, units in the name and none
/// besides, so that dashboards and alerts made for operators written in Go read them as they are
/// (<see href="https://book.kubebuilder.io/reference/metrics-reference"/>).
/// </summary>
public static class KibanMeter
{
    /// <summary>First part of the names of all meters of this project; a part's own is <c>Kiban.&lt;part&gt;</c>.</summary>
    public const string Prefix = "Kiban";

    /// <summary>Name of this assembly's meter.</summary>
    public const string Name = Prefix + ".Kubernetes";

    /// <summary>Ten nanoseconds to a thousand seconds in powers of ten: the buckets of client-go's queues and controller-runtime's webhooks.</summary>
    internal static InstrumentAdvice<double> PowersOfTen { get; } = new()
    {
        HistogramBucketBoundaries = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000],
    };

    internal static Meter Create(IMeterFactory factory) => factory.Create(Name);
}
