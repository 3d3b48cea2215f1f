using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kiban.Datasets.Loading;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Observability;

namespace Kiban.Datasets;

/// <summary>The numbers of the conditions, as metrics: how far each load is, how loads ended, and what they fetched.</summary>
public sealed class DatasetMetrics
{
    private readonly ConcurrentDictionary<NamespacedName, LoadProgress> _running = new();
    private readonly Counter<long> _loads;
    private readonly Counter<long> _fetched;
    private readonly Counter<long> _reused;
    private readonly Histogram<double> _seconds;

    /// <summary>Creates the instruments.</summary>
    public DatasetMetrics(IMeterFactory factory)
    {
        var meter = factory.Create($"{KibanMeter.Prefix}.Datasets");
        _loads = meter.CreateCounter<long>("kiban_dataset_loads_total", description: "Loads that ended, by the reason of the condition.");
        _fetched = meter.CreateCounter<long>("kiban_dataset_fetched_bytes_total", description: "Bytes that loads took from their sources.");
        _reused = meter.CreateCounter<long>("kiban_dataset_reused_bytes_total", description: "Bytes that loads found in the volume.");
        _seconds = meter.CreateHistogram("kiban_dataset_load_seconds", description: "Time that loads took, their waiting left out.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 3600, 14400, 86400],
        });
        meter.CreateObservableGauge("kiban_dataset_load_bytes", () => Observe(load => load.Bytes), description: "Bytes in the volume of a load that runs.");
        meter.CreateObservableGauge("kiban_dataset_load_bytes_wanted", () => Observe(load => load.TotalBytes ?? 0), description: "Bytes that a load which runs will have.");
        meter.CreateObservableGauge("kiban_dataset_load_files", () => Observe(load => load.Files), description: "Files in the volume of a load that runs.");
        meter.CreateObservableGauge("kiban_dataset_load_files_wanted", () => Observe(load => load.TotalFiles ?? 0), description: "Files that a load which runs will have.");
    }

    /// <summary>A load that runs is that far.</summary>
    internal void Progressed(NamespacedName claim, LoadProgress? progress)
    {
        if (progress is not null)
            _running[claim] = progress;
    }

    /// <summary>A load ended.</summary>
    internal void Finished(NamespacedName claim, string reason, LoadReport? report)
    {
        Forget(claim);
        _loads.Add(1, new KeyValuePair<string, object?>("reason", reason));
        if (report is null)
            return;
        _fetched.Add(report.FetchedBytes);
        _reused.Add(report.ReusedBytes);
        if (report.IsLoaded)
            _seconds.Record(report.Seconds);
    }

    /// <summary>No load of the claim runs any more.</summary>
    internal void Forget(NamespacedName claim) => _running.TryRemove(claim, out _);

    private IEnumerable<Measurement<long>> Observe(Func<LoadProgress, long> number) => _running.Select(load => new Measurement<long>(
        number(load.Value),
        new KeyValuePair<string, object?>("namespace", load.Key.Namespace), new KeyValuePair<string, object?>("persistentvolumeclaim", load.Key.Name)));
}
