using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Doctor;

/// <summary>A program (by name or absolute path) that clusters need beside Kubernetes, and the Debian package it is in.</summary>
/// <param name="Program">Name, looked up on PATH, or absolute path.</param>
/// <param name="Package">Debian package.</param>
/// <param name="NodeOnly">Only a cluster with a node needs it.</param>
public sealed record RequiredProgram(string Program, string Package, bool NodeOnly)
{
    /// <summary>All that is needed.</summary>
    public static IReadOnlyList<RequiredProgram> All { get; } =
    [
        new("etcd", "etcd-server", NodeOnly: false),
        new("kubectl", "kubernetes-client", NodeOnly: false),
        new("setsid", "util-linux", NodeOnly: false),
        new("containerd", "containerd", NodeOnly: true),
        new("runc", "runc", NodeOnly: true),
        new("/usr/lib/cni/bridge", "containernetworking-plugins", NodeOnly: true),
        new("iptables", "iptables", NodeOnly: true),
        new("ip", "iproute2", NodeOnly: true),
        new("dnsmasq", "dnsmasq-base", NodeOnly: true),
        new("conntrack", "conntrack", NodeOnly: true),
        new("mount", "mount", NodeOnly: true),
        new("nsenter", "util-linux", NodeOnly: true),
    ];

    /// <summary>True when the machine has it.</summary>
    public bool IsPresent() => Program.StartsWith('/') ? File.Exists(Program) : Command.Locate(Program) is not null;
}
