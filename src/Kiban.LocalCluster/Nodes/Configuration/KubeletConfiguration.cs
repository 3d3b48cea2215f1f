using Kiban.LocalCluster.Binaries;

namespace Kiban.LocalCluster.Nodes.Configuration;

/// <summary>
/// What the kubelet is started with: pure functions of the node's layout and the release
/// (<see href="https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/"/>).
/// </summary>
public static class KubeletConfiguration
{
    /// <summary>Name of the configuration file.</summary>
    public const string FileName = "kubelet.yaml";

    /// <summary>Name of the kubeconfig.</summary>
    public const string KubeconfigName = "kubelet.kubeconfig";

    /// <summary>Name of the serving certificate.</summary>
    public const string CertificateName = "kubelet.crt";

    /// <summary>Name of the serving certificate's key.</summary>
    public const string KeyName = "kubelet.key";

    /// <summary>Name of the cluster's authority, which vouches for clients of the kubelet.</summary>
    public const string AuthorityName = "ca.crt";

    private static readonly string Endpoint = $"unix://{NodeLayout.InnerContainerdSocket}";

    /// <summary>Command line.</summary>
    public static IReadOnlyList<string> Arguments(NodeLayout layout) =>
    [
        $"--config={NodeLayout.Inner(FileName)}",
        $"--kubeconfig={NodeLayout.Inner(KubeconfigName)}",
        $"--hostname-override={layout.NodeName}",
        $"--node-ip={layout.Network.NodeAddress}",
        .. RuntimeArguments(layout.Binaries.Version),
    ];

    /// <summary>Configuration file.</summary>
    public static string Render(NodeLayout layout) => $$"""
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        authentication:
          anonymous: { enabled: false }
          webhook: { enabled: true }
          x509: { clientCAFile: {{NodeLayout.Inner(AuthorityName)}} }
        authorization: { mode: Webhook }
        tlsCertFile: {{NodeLayout.Inner(CertificateName)}}
        tlsPrivateKeyFile: {{NodeLayout.Inner(KeyName)}}
        clusterDNS: [{{layout.Network.DnsAddress}}]
        clusterDomain: cluster.local
        resolvConf: {{NodeLayout.Inner(ResolverConfiguration.FileName)}}
        cgroupDriver: cgroupfs
        cgroupRoot: /{{layout.CgroupName}}
        enforceNodeAllocatable: []
        failSwapOn: false
        maxPods: 200
        # A developer's disk is often nearly full, and that is no reason to throw Pods out.
        evictionHard: { memory.available: 50Mi, nodefs.available: "1%", nodefs.inodesFree: "1%", imagefs.available: "1%" }
        # 100 switches it off: images that were built here cannot be pulled again.
        imageGCHighThresholdPercent: 100
        # Status is computed each second, so that a new node is Ready at once, but sent once a minute when nothing changed.
        nodeStatusUpdateFrequency: 1s
        nodeStatusReportFrequency: 1m
        # Changed Secrets and ConfigMaps appear in mounted files after this time rather than a minute.
        syncFrequency: 10s
        {{VersionFields(layout.Binaries.Version)}}
        """;

    // The runtime's endpoint was a flag and became a field in 1.27 (KEP-2371); --container-runtime went at the same time.
    private static string[] RuntimeArguments(KubernetesVersion version) =>
        version.IsAtLeast(1, 27) ? [] : ["--container-runtime=remote", $"--container-runtime-endpoint={Endpoint}"];

    private static string VersionFields(KubernetesVersion version) =>
        string.Concat(
            version.IsAtLeast(1, 27) ? $"containerRuntimeEndpoint: {Endpoint}\n" : "",
            // The field came with 1.31; since 1.35 its default is to refuse cgroup v1 (KEP-5573).
            version.IsAtLeast(1, 31) ? "failCgroupV1: false\n" : "");
}
