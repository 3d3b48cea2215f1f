using k8s.Models;

namespace Kiban.Kubernetes.Leases;

/// <summary>What this process writes into the lease; pure. Fields it does not know of stay.</summary>
internal static class LeaseRecord
{
    public static V1Lease New(LeaderElectionOptions options, DateTimeOffset now) => new()
    {
        ApiVersion = V1Lease.KubeApiVersion is { } version ? $"{V1Lease.KubeGroup}/{version}" : null,
        Kind = V1Lease.KubeKind,
        Metadata = new V1ObjectMeta { Name = options.Name, NamespaceProperty = options.Namespace },
        Spec = new V1LeaseSpec
        {
            HolderIdentity = options.Identity,
            LeaseDurationSeconds = Seconds(options),
            AcquireTime = now.UtcDateTime,
            RenewTime = now.UtcDateTime,
            LeaseTransitions = 0,
        },
    };

    public static V1Lease Taken(V1Lease lease, LeaderElectionOptions options, DateTimeOffset now)
    {
        var spec = lease.Spec ?? new V1LeaseSpec();
        if (spec.HolderIdentity == options.Identity)
            return Renewed(lease, options, now);
        return lease with
        {
            Spec = spec with
            {
                HolderIdentity = options.Identity,
                LeaseDurationSeconds = Seconds(options),
                AcquireTime = now.UtcDateTime,
                RenewTime = now.UtcDateTime,
                LeaseTransitions = (spec.LeaseTransitions ?? 0) + 1,
            },
        };
    }

    public static V1Lease Renewed(V1Lease lease, LeaderElectionOptions options, DateTimeOffset now) => lease with
    {
        Spec = lease.Spec with { LeaseDurationSeconds = Seconds(options), RenewTime = now.UtcDateTime },
    };

    /// <summary>Without holder, and lapsing at once for those who only look at the duration.</summary>
    public static V1Lease Released(V1Lease lease, DateTimeOffset now) => lease with
    {
        Spec = lease.Spec with { HolderIdentity = null, LeaseDurationSeconds = 1, RenewTime = now.UtcDateTime },
    };

    private static int Seconds(LeaderElectionOptions options) => (int)options.LeaseDuration.TotalSeconds;
}
