namespace Kiban.LocalCluster.Nodes.Configuration;

/// <summary>What kube-proxy is started with (<see href="https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/"/>).</summary>
public static class KubeProxyConfiguration
{
    /// <summary>Name of the configuration file.</summary>
    public const string FileName = "kube-proxy.yaml";

    /// <summary>Name of the kubeconfig.</summary>
    public const string KubeconfigName = "kube-proxy.kubeconfig";

    /// <summary>Command line.</summary>
    public static IReadOnlyList<string> Arguments { get; } = [$"--config={NodeLayout.Inner(FileName)}"];

    /// <summary>Configuration file; its fields have been the same since 1.20.</summary>
    public static string Render(NodeLayout layout) => $$"""
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        kind: KubeProxyConfiguration
        clientConnection: { kubeconfig: {{NodeLayout.Inner(KubeconfigName)}} }
        hostnameOverride: {{layout.NodeName}}
        # Named, so that it does not wait for the Node object to learn it.
        bindAddress: {{layout.Network.NodeAddress}}
        healthzBindAddress: 127.0.0.1:10256
        metricsBindAddress: 127.0.0.1:10249
        mode: iptables
        clusterCIDR: {{layout.Network.Pods}}
        # These limits belong to the whole machine; inside a network namespace they cannot be changed, and should not.
        conntrack: { maxPerCore: 0, min: 0 }
        iptables: { minSyncPeriod: 100ms, syncPeriod: 30s }

        """;
}
