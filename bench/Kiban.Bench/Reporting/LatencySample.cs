namespace Kiban.Bench.Reporting;

/// <summary>Latencies of many requests of one kind, and how long they took together.</summary>
internal sealed class LatencySample
{
    private readonly List<double> _milliseconds = [];

    /// <summary>Wall-clock time in which the requests were made.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Requests made.</summary>
    public int Count => _milliseconds.Count;

    /// <summary>Requests a second over <see cref="Elapsed"/>.</summary>
    public double Throughput => Count / Elapsed.TotalSeconds;

    /// <summary>Processor time that the webhook's server took meanwhile.</summary>
    public TimeSpan ServerTime { get; set; }

    /// <summary>Adds a round.</summary>
    public void Add(IEnumerable<double> milliseconds, TimeSpan elapsed)
    {
        _milliseconds.AddRange(milliseconds);
        Elapsed += elapsed;
    }

    /// <summary>The latency in milliseconds that <paramref name="percent"/> per cent of the requests did not exceed (nearest rank).</summary>
    public double Percentile(double percent)
    {
        if (_milliseconds.Count == 0)
            return double.NaN;
        var sorted = _milliseconds.Order().ToArray();
        var rank = (int)Math.Ceiling(percent / 100 * sorted.Length) - 1;
        return sorted[Math.Clamp(rank, 0, sorted.Length - 1)];
    }
}
