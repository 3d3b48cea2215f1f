namespace Kiban.Bench.Loading;

/// <summary>One load by one program.</summary>
/// <param name="Elapsed">From its start until everything is on the disk.</param>
/// <param name="Running">From its start to its end.</param>
/// <param name="ProcessorTime">Processor time of the program.</param>
/// <param name="ServerTime">Processor time of the server meanwhile.</param>
/// <param name="PeakMemory">Most memory resident, MiB.</param>
internal sealed record MeasuredLoad(TimeSpan Elapsed, TimeSpan Running, TimeSpan ProcessorTime, TimeSpan ServerTime, double PeakMemory)
{
    /// <summary>The median of each number; memory is the most of all.</summary>
    public static MeasuredLoad Median(IReadOnlyList<MeasuredLoad> loads)
    {
        TimeSpan Of(Func<MeasuredLoad, TimeSpan> number) => loads.Select(number).Order().ElementAt(loads.Count / 2);
        return new MeasuredLoad(
            Of(load => load.Elapsed), Of(load => load.Running), Of(load => load.ProcessorTime), Of(load => load.ServerTime), loads.Max(load => load.PeakMemory));
    }
}
