namespace Kiban.Kubernetes.Leases;

/// <summary>A write was refused on this side because the lease may have passed to another process.</summary>
public sealed class LeadershipLostException(string lease)
    : Exception($"The lease {lease} was not renewed in time and may be another's now; nothing may be written under it any more.");
