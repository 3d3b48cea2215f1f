namespace Kiban.Kubernetes.Queueing;

/// <summary>
/// How fast failed keys come back. The defaults are those of client-go's <c>DefaultControllerRateLimiter</c>
/// (<see href="https://github.com/kubernetes/client-go/blob/master/util/workqueue/default_rate_limiters.go"/>).
/// </summary>
public sealed record QueueOptions
{
    /// <summary>Delay before a key's first retry; each further one doubles it.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Longest delay before a retry.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(1000);

    /// <summary>Retries per second, over all keys, that the queue lets through in the long run.</summary>
    public double RetriesPerSecond { get; init; } = 10;

    /// <summary>Retries that may come at once before <see cref="RetriesPerSecond"/> holds.</summary>
    public int RetryBurst { get; init; } = 100;

    /// <summary>Every setting that cannot work, one sentence each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (BaseDelay <= TimeSpan.Zero)
            yield return $"QueueOptions.BaseDelay is {BaseDelay}; it must be longer than zero.";
        if (MaxDelay < BaseDelay)
            yield return $"QueueOptions.MaxDelay is {MaxDelay}; it must not be shorter than BaseDelay ({BaseDelay}).";
        if (!(RetriesPerSecond > 0))
            yield return $"QueueOptions.RetriesPerSecond is {RetriesPerSecond}; it must be greater than zero.";
        if (RetryBurst < 1)
            yield return $"QueueOptions.RetryBurst is {RetryBurst}; it must be at least 1.";
    }
}
