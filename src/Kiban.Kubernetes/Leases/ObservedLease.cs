using k8s.Models;

namespace Kiban.Kubernetes.Leases;

/// <summary>
/// A lease as this process last saw it, and since when it has not changed, on this process's own monotonic clock. The times written in the
/// lease are another machine's and are never trusted.
/// </summary>
internal sealed class ObservedLease(TimeProvider time)
{
    private long _unchangedSince;

    /// <summary>The lease; null when it does not exist or was never read.</summary>
    public V1Lease? Lease { get; private set; }

    /// <summary>Who holds it; null when nobody does.</summary>
    public string? Holder => Lease?.Spec?.HolderIdentity is { Length: > 0 } holder ? holder : null;

    /// <summary>Takes in what was read or written just now.</summary>
    public void See(V1Lease? lease)
    {
        if (lease is null || Lease is null || lease.Metadata.ResourceVersion != Lease.Metadata.ResourceVersion || lease.Metadata.Uid != Lease.Metadata.Uid)
            _unchangedSince = time.GetTimestamp();
        Lease = lease;
    }

    /// <summary>Whether its holder has let it lapse: it stood unchanged for longer than the duration written in it, or else <paramref name="fallback"/>.</summary>
    public bool HasLapsed(TimeSpan fallback)
    {
        var duration = Lease?.Spec?.LeaseDurationSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : fallback;
        return time.GetElapsedTime(_unchangedSince) > duration;
    }
}
