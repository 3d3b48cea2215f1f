using System.Security.Cryptography;
using System.Text;
using Kiban.LocalCluster.Binaries;
using Kiban.LocalCluster.Nodes.Networking;

namespace Kiban.LocalCluster.Nodes;

/// <summary>
/// Names and paths of one cluster's node. A file of the node has two paths: one on the machine, below the cluster's directory, and one
/// inside the node, whose <c>/var</c> and <c>/run</c> are its own (see <see cref="Sandboxing.SandboxScript"/>).
/// </summary>
public sealed record NodeLayout
{
    /// <summary>Inside the node: the folder with the configuration of its programs.</summary>
    public const string InnerConfiguration = "/run/kiban";

    /// <summary>Inside the node: the folder with kubelet and kube-proxy.</summary>
    public const string InnerPrograms = "/run/kiban-programs";

    /// <summary>Inside the node: the folder with the volumes of local storage.</summary>
    public const string InnerVolumes = "/var/lib/kiban/volumes";

    /// <summary>Inside the node: containerd's socket. The usual place, where kubelets up to 1.23 look without being told.</summary>
    public const string InnerContainerdSocket = "/run/containerd/containerd.sock";

    /// <summary>The cluster.</summary>
    public required ClusterDirectory Cluster { get; init; }

    /// <summary>Kubernetes' programs.</summary>
    public required KubernetesBinaries Binaries { get; init; }

    /// <summary>Addresses.</summary>
    public required NodeNetwork Network { get; init; }

    /// <summary>Port of the cluster's DNS server at <see cref="NodeNetwork.HostAddress"/>, UDP and TCP.</summary>
    public required int DnsPort { get; init; }

    /// <summary>Name of the Node object.</summary>
    public string NodeName => $"{DnsLabel(Cluster.Name)}-node";

    /// <summary>The machine's end of the wire to the node. The kernel allows 15 characters.</summary>
    public string InterfaceName => InterfaceNameOf(Cluster);

    /// <summary>Name of the cgroup that holds every Pod, below the root of each hierarchy.</summary>
    public string CgroupName => CgroupNameOf(Cluster);

    /// <summary>On the machine: what the node sees as <see cref="InnerConfiguration"/>.</summary>
    public string Configuration => Path.Combine(Cluster.NodePath, "etc");

    /// <summary>On the machine: what the node sees as <c>/var</c>.</summary>
    public string Var => Path.Combine(Cluster.NodePath, "var");

    /// <summary>On the machine: where the node puts its file tree together.</summary>
    public string Stage => Path.Combine(Cluster.NodePath, "stage");

    /// <summary>On the machine: what the node sees as <see cref="InnerVolumes"/>.</summary>
    public string Volumes => Path.Combine(Var, "lib", "kiban", "volumes");

    /// <summary>On the machine: the data of snapshots. On the volumes' file system, so that a copy may be a reflink.</summary>
    public string Snapshots => Path.Combine(Var, "lib", "kiban", "snapshots");

    /// <inheritdoc cref="InterfaceName"/>
    public static string InterfaceNameOf(ClusterDirectory cluster) => $"kiban{Hash(cluster)}";

    /// <inheritdoc cref="CgroupName"/>
    public static string CgroupNameOf(ClusterDirectory cluster) => $"kiban-{Hash(cluster)}";

    /// <summary>A file of the configuration, as the node sees it.</summary>
    public static string Inner(string file) => $"{InnerConfiguration}/{file}";

    /// <summary>A file of the configuration, on the machine.</summary>
    public string Outer(string file) => Path.Combine(Configuration, file);

    private static string Hash(ClusterDirectory cluster) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cluster.Path)).AsSpan(0, 4));

    private static string DnsLabel(string name)
    {
        var label = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return label.Length == 0 ? "kiban" : label[..Math.Min(label.Length, 50)].TrimEnd('-');
    }
}
