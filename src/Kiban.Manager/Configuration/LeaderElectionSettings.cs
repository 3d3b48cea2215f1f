using Kiban.Kubernetes.Leases;

namespace Kiban.Manager.Configuration;

/// <summary>Settings of the competition for the Lease, section <see cref="Section"/>. The times are those of Kubernetes' own components.</summary>
public sealed class LeaderElectionSettings
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "LeaderElection";

    /// <summary>Name of the Lease in the manager's namespace.</summary>
    public string LeaseName { get; set; } = "kiban-manager";

    /// <inheritdoc cref="LeaderElectionOptions.LeaseDuration"/>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc cref="LeaderElectionOptions.RenewDeadline"/>
    public TimeSpan RenewDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="LeaderElectionOptions.RetryPeriod"/>
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What the elector is given.</summary>
    /// <param name="namespace">Namespace of the Lease.</param>
    /// <param name="replica">Name of this replica.</param>
    public LeaderElectionOptions ToOptions(string @namespace, string replica) => new()
    {
        Name = LeaseName,
        Namespace = @namespace,
        Identity = $"{replica}_{Guid.NewGuid():N}",
        LeaseDuration = LeaseDuration,
        RenewDeadline = RenewDeadline,
        RetryPeriod = RetryPeriod,
    };
}
