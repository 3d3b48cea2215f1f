using System.Collections.Concurrent;
using Kiban.LocalCluster;

namespace Kiban.Bench.Startup;

/// <summary>When each step of a start was done.</summary>
internal sealed class StartupSteps(TimeProvider time) : IProgress<ClusterProgress>
{
    private readonly long _start = time.GetTimestamp();
    private readonly ConcurrentDictionary<string, double> _seconds = new();

    /// <summary>The steps, in their order.</summary>
    public IEnumerable<string> Names => _seconds.OrderBy(step => step.Value).Select(step => step.Key);

    /// <inheritdoc/>
    public void Report(ClusterProgress value)
    {
        if (value.Step is ClusterStep.Started or ClusterStep.Ready)
            _seconds[$"{value.Component} {value.Step.ToString().ToLowerInvariant()}"] = time.GetElapsedTime(_start).TotalSeconds;
    }

    /// <summary>Seconds from the command to the end of a step.</summary>
    public double SecondsOf(string step) => _seconds[step];
}
