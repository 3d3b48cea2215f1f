using Kiban.Processes;

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
        new("ctr", "containerd", NodeOnly: true),
        // Not crun, which refuses a machine with both generations of cgroups.
        new("runc", "runc", NodeOnly: true),
        new("/usr/lib/cni/bridge", "containernetworking-plugins", NodeOnly: true),
        new("slirp4netns", "slirp4netns", NodeOnly: true),
        new("catatonit", "catatonit", NodeOnly: true),
        new("iptables", "iptables", NodeOnly: true),
        new("conntrack", "conntrack", NodeOnly: true),
        new("cp", "coreutils", NodeOnly: true),
        new("ip", "iproute2", NodeOnly: true),
        new("mount", "mount", NodeOnly: true),
        new("nsenter", "util-linux", NodeOnly: true),
        new("setpriv", "util-linux", NodeOnly: true),
        new("unshare", "util-linux", NodeOnly: true),
    ];

    /// <summary>Absolute path of a program of <see cref="All"/>, by its name.</summary>
    /// <exception cref="LocalClusterException">It is not installed.</exception>
    public static string Locate(string program) =>
        Command.Locate(program)
        ?? throw new LocalClusterException($"Program {program} is not installed; Debian has it in package {All.First(entry => entry.Program == program).Package}.");

    /// <summary>True when the machine has it.</summary>
    public bool IsPresent() => Program.StartsWith('/') ? File.Exists(Program) : Command.Locate(Program) is not null;
}
