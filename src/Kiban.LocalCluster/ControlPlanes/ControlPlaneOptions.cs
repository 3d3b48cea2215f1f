using System.Net;
using Kiban.LocalCluster.Binaries;

namespace Kiban.LocalCluster.ControlPlanes;

/// <summary>How a control plane is to be.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>The programs to run.</summary>
    public required KubernetesBinaries Binaries { get; init; }

    /// <summary>
    /// Where the cluster lives. Null makes a throw-away cluster: in a temporary directory, without fsync, and gone when the control plane
    /// is disposed of or this process ends in whatever way.
    /// </summary>
    public ClusterDirectory? Directory { get; init; }

    /// <summary>Run kube-controller-manager (service accounts, garbage collection, namespace deletion, workloads).</summary>
    public bool ControllerManager { get; init; } = true;

    /// <summary>Run kube-scheduler.</summary>
    public bool Scheduler { get; init; } = true;

    /// <summary>
    /// Address the API server listens on and announces. Pods cannot reach loopback: a cluster with a node gives an address of the node here,
    /// and the endpoints of the Service <c>kubernetes</c> are kept only then.
    /// </summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Addresses of Services.</summary>
    public IPNetwork ServiceNetwork { get; init; } = IPNetwork.Parse("10.96.0.0/16");

    /// <summary>Addresses of Pods, of which each node gets a /24; null where there is no node.</summary>
    public IPNetwork? PodNetwork { get; init; }

    /// <summary>More host names and addresses for the API server's certificate.</summary>
    public IReadOnlyList<string> CertificateNames { get; init; } = [];

    /// <summary>Arguments appended to the API server's; a later one wins over an earlier one of the same name.</summary>
    public IReadOnlyList<string> ApiServerArguments { get; init; } = [];

    /// <summary>Arguments appended to the controller manager's.</summary>
    public IReadOnlyList<string> ControllerManagerArguments { get; init; } = [];

    /// <summary>An audit policy (YAML, <c>audit.k8s.io/v1</c>); the log is then at <see cref="ControlPlane.AuditLogPath"/>.</summary>
    public string? AuditPolicy { get; init; }

    /// <summary>Clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>True for a cluster that does not outlive this process.</summary>
    public bool IsThrowAway => Directory is null;

    /// <summary>Address of the Service <c>kubernetes</c>: the first of the network.</summary>
    public IPAddress KubernetesServiceAddress => AddressAt(ServiceNetwork, 1);

    /// <summary>Address usual for the cluster's DNS server: the tenth of the service network.</summary>
    public IPAddress DnsServiceAddress => AddressAt(ServiceNetwork, 10);

    private static IPAddress AddressAt(IPNetwork network, byte offset)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        bytes[^1] += offset;
        return new IPAddress(bytes);
    }
}
