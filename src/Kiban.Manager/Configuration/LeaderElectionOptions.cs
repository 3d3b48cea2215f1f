namespace Kiban.Manager.Configuration;

/// <summary>Settings of the leader election, section <c>Kiban:LeaderElection</c>; the times are those of Kubernetes' own components.</summary>
public sealed record LeaderElectionOptions
{
    /// <summary>Name of the Lease in the manager's namespace.</summary>
    public string LeaseName { get; init; } = "kiban-manager";

    /// <summary>How long a Lease that is not renewed stands: the longest time without a leader after one has crashed.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader that cannot renew goes on before it stops its work; shorter than <see cref="LeaseDuration"/>.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two attempts.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
