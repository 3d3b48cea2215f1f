namespace Kiban.Kubernetes.Caching;

/// <summary>Growing, jittered delays between attempts, so that many clients of a server that comes back do not come all at once.</summary>
public sealed record RetryBackoff
{
    /// <summary>Shortest delay after the first failure.</summary>
    public TimeSpan Initial { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Longest delay, before jitter.</summary>
    public TimeSpan Maximum { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The delay after a number of failures in a row: doubles with each, plus up to as much again at random.</summary>
    /// <param name="failures">1 after the first failure.</param>
    public TimeSpan Delay(int failures)
    {
        var ticks = Math.Min(Initial.Ticks * Math.Pow(2, failures - 1), Maximum.Ticks);
        return TimeSpan.FromTicks((long)(ticks * (1 + Random.Shared.NextDouble())));
    }
}
