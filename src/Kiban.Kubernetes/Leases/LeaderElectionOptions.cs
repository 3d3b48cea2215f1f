namespace Kiban.Kubernetes.Leases;

/// <summary>
/// The lease that replicas compete for, and the times of the competition. The defaults are client-go's. What makes two leaders impossible
/// is the span between <see cref="RenewDeadline"/>, when a leader that could not renew has stopped, and <see cref="LeaseDuration"/>, when the
/// first other one may begin.
/// </summary>
public sealed record LeaderElectionOptions
{
    /// <summary>Name of the Lease object.</summary>
    public required string Name { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Who this is; no two processes, and no two runs of one, may share it.</summary>
    public string Identity { get; init; } = NewIdentity();

    /// <summary>How long others must have seen the lease unchanged before they may take it. Whole seconds: the API has no fractions.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after the last renewal was sent a leader that could not renew again must have stopped.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between attempts to renew or to take the lease; up to a fifth is added at random.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Called when the work has not ended although it was cancelled and the lease is about to pass to another: must end the process.
    /// By default it is ended on the spot, so that work which ignores its cancellation cannot go on beside the next leader's.
    /// </summary>
    public Action<string> EndProcess { get; init; } = Environment.FailFast;

    /// <summary>When <see cref="EndProcess"/> is called, counted like <see cref="RenewDeadline"/>: near the end of the margin.</summary>
    internal TimeSpan EndProcessAfter => RenewDeadline + (LeaseDuration - RenewDeadline) * 0.8;

    /// <summary>Time that work gets to end in any case, also in a process that was stopped past all deadlines and finds out on waking.</summary>
    internal TimeSpan LeastTimeToEnd => (LeaseDuration - RenewDeadline) * 0.8;

    /// <summary>Longest time one request may take: two fit into the time that is left for renewing.</summary>
    internal TimeSpan RequestTimeout => RenewDeadline / 2;

    /// <summary>Every setting that cannot work, one sentence each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Name))
            yield return "LeaderElectionOptions.Name is empty; it must name a Lease.";
        if (string.IsNullOrWhiteSpace(Namespace))
            yield return "LeaderElectionOptions.Namespace is empty; it must name the Lease's namespace.";
        if (string.IsNullOrWhiteSpace(Identity))
            yield return "LeaderElectionOptions.Identity is empty; it must be unique to this process.";
        if (LeaseDuration < TimeSpan.FromSeconds(1) || LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0)
            yield return $"LeaderElectionOptions.LeaseDuration is {LeaseDuration}; it must be a whole number of seconds, at least 1.";
        if (LeaseDuration <= RenewDeadline)
            yield return $"LeaderElectionOptions.LeaseDuration is {LeaseDuration}; it must be longer than RenewDeadline ({RenewDeadline}).";
        if (RetryPeriod <= TimeSpan.Zero)
            yield return $"LeaderElectionOptions.RetryPeriod is {RetryPeriod}; it must be longer than zero.";
        if (RenewDeadline <= RetryPeriod * LeaderElector.RetryJitter)
            yield return $"LeaderElectionOptions.RenewDeadline is {RenewDeadline}; it must be longer than {LeaderElector.RetryJitter} × RetryPeriod ({RetryPeriod}).";
    }

    private static string NewIdentity() => $"{Environment.MachineName}_{Guid.NewGuid():N}";
}
