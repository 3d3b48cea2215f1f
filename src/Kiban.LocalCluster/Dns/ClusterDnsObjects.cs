using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.LocalCluster.Nodes;

namespace Kiban.LocalCluster.Dns;

/// <summary>
/// The Service <c>kube-system/kube-dns</c>, under which clusters' tools look for DNS. It has no selector: its endpoint is the server on the
/// machine's end of the wire, outside the Pod network.
/// </summary>
internal static class ClusterDnsObjects
{
    private const string Name = "kube-dns";
    private const string Namespace = "kube-system";
    private const string FieldManager = "kiban-local-cluster";

    private static readonly Dictionary<string, string> Labels = new()
    {
        ["k8s-app"] = Name,
        ["kubernetes.io/name"] = "KubeDNS",
        ["app.kubernetes.io/managed-by"] = "kiban",
    };

    /// <summary>Brings both objects to what the layout says.</summary>
    public static async Task ApplyAsync(IKubernetesClient client, NodeLayout layout, CancellationToken cancellationToken)
    {
        await client.ApplyAsync(Service(layout), FieldManager, cancellationToken);
        await client.ApplyAsync(Endpoints(layout), FieldManager, cancellationToken);
    }

    /// <summary>The Service.</summary>
    internal static V1Service Service(NodeLayout layout) => new()
    {
        ApiVersion = V1Service.KubeApiVersion,
        Kind = V1Service.KubeKind,
        Metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = Namespace, Labels = Labels },
        Spec = new V1ServiceSpec
        {
            ClusterIP = layout.Network.DnsAddress.ToString(),
            Ports =
            [
                new V1ServicePort { Name = "dns", Port = 53, Protocol = "UDP", TargetPort = layout.DnsPort },
                new V1ServicePort { Name = "dns-tcp", Port = 53, Protocol = "TCP", TargetPort = layout.DnsPort },
            ],
        },
    };

    /// <summary>Its endpoint. The controller manager mirrors it into an EndpointSlice.</summary>
    internal static V1Endpoints Endpoints(NodeLayout layout) => new()
    {
        ApiVersion = V1Endpoints.KubeApiVersion,
        Kind = V1Endpoints.KubeKind,
        Metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = Namespace, Labels = Labels },
        Subsets =
        [
            new V1EndpointSubset
            {
                Addresses = [new V1EndpointAddress { Ip = layout.Network.HostAddress.ToString() }],
                Ports =
                [
                    new Corev1EndpointPort { Name = "dns", Port = layout.DnsPort, Protocol = "UDP" },
                    new Corev1EndpointPort { Name = "dns-tcp", Port = layout.DnsPort, Protocol = "TCP" },
                ],
            },
        ],
    };
}
