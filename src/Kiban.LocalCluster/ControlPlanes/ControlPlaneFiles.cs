using System.Net;
using Kiban.LocalCluster.Pki;

namespace Kiban.LocalCluster.ControlPlanes;

/// <summary>The certificates, keys and kubeconfigs that the programs of a control plane are given.</summary>
public sealed record ControlPlaneFiles
{
    /// <summary>Certificate and key of etcd, as server and as peer; etcd's JSON gateway uses it as a client of itself too.</summary>
    public required CertificateFiles Etcd { get; init; }

    /// <summary>Client certificate of the API server (and of tests) towards etcd.</summary>
    public required CertificateFiles EtcdClient { get; init; }

    /// <summary>Serving certificate of the API server.</summary>
    public required CertificateFiles ApiServer { get; init; }

    /// <summary>Client certificate of the API server towards kubelets.</summary>
    public required CertificateFiles KubeletClient { get; init; }

    /// <summary>Client certificate of the aggregation layer towards extension API servers.</summary>
    public required CertificateFiles FrontProxyClient { get; init; }

    /// <summary>Client certificate of the administrator, group <c>system:masters</c>.</summary>
    public required CertificateFiles Administrator { get; init; }

    /// <summary>Serving certificate of controller manager and scheduler (health and metrics).</summary>
    public required CertificateFiles Components { get; init; }

    /// <summary>Issues what is missing, stale or does not fit the options any more.</summary>
    public static ControlPlaneFiles Issue(ClusterPki pki, ControlPlaneOptions options)
    {
        var (names, addresses) = SplitNames(options.CertificateNames);
        string[] local = ["localhost"];
        return new ControlPlaneFiles
        {
            Etcd = pki.EtcdAuthority.Issue("server", CertificateProfile.Server("etcd", local, [IPAddress.Loopback]) with { IsClient = true }),
            EtcdClient = pki.EtcdAuthority.Issue("apiserver", CertificateProfile.Client("kube-apiserver-etcd-client")),
            ApiServer = pki.Authority.Issue("apiserver", CertificateProfile.Server(
                "kube-apiserver",
                ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", .. names],
                [IPAddress.Loopback, options.Address, options.KubernetesServiceAddress, .. addresses])),
            KubeletClient = pki.Authority.Issue("apiserver-kubelet-client", CertificateProfile.Client("kube-apiserver-kubelet-client", "system:masters")),
            FrontProxyClient = pki.FrontProxyAuthority.Issue("client", CertificateProfile.Client("front-proxy-client")),
            Administrator = pki.Authority.Issue("admin", CertificateProfile.Client("kubernetes-admin", "system:masters")),
            Components = pki.Authority.Issue("components", CertificateProfile.Server("kiban-components", local, [IPAddress.Loopback])),
        };
    }

    private static (List<string> Names, List<IPAddress> Addresses) SplitNames(IReadOnlyList<string> all)
    {
        var names = new List<string>();
        var addresses = new List<IPAddress>();
        foreach (var name in all)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                addresses.Add(address);
            }
            else
            {
                names.Add(name);
            }
        }

        return (names, addresses);
    }
}
