using System.Net;
using Kiban.LocalCluster.Binaries;
using Kiban.LocalCluster.Pki;

namespace Kiban.LocalCluster.ControlPlanes;

/// <summary>
/// The command lines of a control plane: pure functions of what was decided elsewhere. Flags that only some releases know are chosen
/// by version, since every program refuses a flag it does not know.
/// </summary>
public static class ControlPlaneFlags
{
    /// <summary>Name of the component etcd.</summary>
    public const string EtcdName = "etcd";

    /// <summary>Name of the component kube-apiserver.</summary>
    public const string ApiServerName = "kube-apiserver";

    /// <summary>Name of the component kube-controller-manager.</summary>
    public const string ControllerManagerName = "kube-controller-manager";

    /// <summary>Name of the component kube-scheduler.</summary>
    public const string SchedulerName = "kube-scheduler";

    /// <summary>Issuer and audience of service account tokens.</summary>
    public const string ServiceAccountIssuer = "https://kubernetes.default.svc.cluster.local";

    /// <summary>etcd: one member, TLS with client certificates on loopback.</summary>
    public static IReadOnlyList<string> Etcd(ControlPlaneLayout layout)
    {
        var client = $"https://127.0.0.1:{layout.Ports.EtcdClient}";
        var peer = $"https://127.0.0.1:{layout.Ports.EtcdPeer}";
        var authority = layout.Pki.EtcdAuthority.Files.CertificatePath;
        return
        [
            "--name=kiban",
            $"--data-dir={layout.Directory.EtcdPath}",
            $"--listen-client-urls={client}",
            $"--advertise-client-urls={client}",
            $"--listen-peer-urls={peer}",
            $"--initial-advertise-peer-urls={peer}",
            $"--initial-cluster=kiban={peer}",
            $"--cert-file={layout.Files.Etcd.CertificatePath}",
            $"--key-file={layout.Files.Etcd.KeyPath}",
            "--client-cert-auth",
            $"--trusted-ca-file={authority}",
            $"--peer-cert-file={layout.Files.Etcd.CertificatePath}",
            $"--peer-key-file={layout.Files.Etcd.KeyPath}",
            "--peer-client-cert-auth",
            $"--peer-trusted-ca-file={authority}",
            // The default of 3.4 is another logger, which 3.6 does not know any more.
            "--logger=zap",
            .. Only(layout.Options.IsThrowAway, "--unsafe-no-fsync"),
        ];
    }

    /// <summary>kube-apiserver.</summary>
    public static IReadOnlyList<string> ApiServer(ControlPlaneLayout layout)
    {
        var options = layout.Options;
        var files = layout.Files;
        return
        [
            $"--bind-address={options.Address}",
            $"--advertise-address={options.Address}",
            $"--secure-port={layout.Ports.ApiServer}",
            // Gone in 1.24; until then 0 is the one value that is allowed.
            .. Only(!options.Binaries.Version.IsAtLeast(1, 24), "--insecure-port=0"),
            $"--tls-cert-file={files.ApiServer.CertificatePath}",
            $"--tls-private-key-file={files.ApiServer.KeyPath}",
            $"--client-ca-file={layout.Pki.Authority.Files.CertificatePath}",
            $"--etcd-servers=https://127.0.0.1:{layout.Ports.EtcdClient}",
            $"--etcd-cafile={layout.Pki.EtcdAuthority.Files.CertificatePath}",
            $"--etcd-certfile={files.EtcdClient.CertificatePath}",
            $"--etcd-keyfile={files.EtcdClient.KeyPath}",
            $"--service-cluster-ip-range={options.ServiceNetwork}",
            $"--service-account-issuer={ServiceAccountIssuer}",
            $"--api-audiences={ServiceAccountIssuer}",
            $"--service-account-key-file={layout.Pki.ServiceAccountKeys.PublicKeyPath}",
            $"--service-account-signing-key-file={layout.Pki.ServiceAccountKeys.PrivateKeyPath}",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true",
            $"--kubelet-client-certificate={files.KubeletClient.CertificatePath}",
            $"--kubelet-client-key={files.KubeletClient.KeyPath}",
            $"--kubelet-certificate-authority={layout.Pki.Authority.Files.CertificatePath}",
            // The node's host name resolves nowhere.
            "--kubelet-preferred-address-types=InternalIP",
            $"--requestheader-client-ca-file={layout.Pki.FrontProxyAuthority.Files.CertificatePath}",
            "--requestheader-allowed-names=front-proxy-client",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-username-headers=X-Remote-User",
            $"--proxy-client-cert-file={files.FrontProxyClient.CertificatePath}",
            $"--proxy-client-key-file={files.FrontProxyClient.KeyPath}",
            // Endpoints may not name loopback addresses, and the attempt would fail every ten seconds.
            .. Only(IPAddress.IsLoopback(options.Address), "--endpoint-reconciler-type=none"),
            .. Only(options.AuditPolicy is not null, $"--audit-policy-file={layout.AuditPolicyPath}", $"--audit-log-path={layout.AuditLogPath}"),
            "--profiling=false",
            .. options.ApiServerArguments,
        ];
    }

    /// <summary>kube-controller-manager.</summary>
    public static IReadOnlyList<string> ControllerManager(ControlPlaneLayout layout)
    {
        var options = layout.Options;
        var authority = layout.Pki.Authority.Files;
        return
        [
            .. Component(layout, layout.ControllerManagerKubeconfig, layout.Ports.ControllerManager),
            $"--root-ca-file={authority.CertificatePath}",
            $"--service-account-private-key-file={layout.Pki.ServiceAccountKeys.PrivateKeyPath}",
            "--use-service-account-credentials=true",
            $"--cluster-signing-cert-file={authority.CertificatePath}",
            $"--cluster-signing-key-file={authority.KeyPath}",
            $"--service-cluster-ip-range={options.ServiceNetwork}",
            .. Only(options.PodNetwork is not null, "--allocate-node-cidrs=true", $"--cluster-cidr={options.PodNetwork}", "--node-cidr-mask-size=24"),
            // The default of 20 requests a second makes a row of new namespaces wait for their service accounts.
            "--kube-api-qps=200",
            "--kube-api-burst=400",
            .. options.ControllerManagerArguments,
        ];
    }

    /// <summary>kube-scheduler.</summary>
    public static IReadOnlyList<string> Scheduler(ControlPlaneLayout layout) => [.. Component(layout, layout.SchedulerKubeconfig, layout.Ports.Scheduler)];

    private static IEnumerable<string> Component(ControlPlaneLayout layout, string kubeconfig, int port) =>
    [
        $"--kubeconfig={kubeconfig}",
        $"--authentication-kubeconfig={kubeconfig}",
        $"--authorization-kubeconfig={kubeconfig}",
        "--bind-address=127.0.0.1",
        $"--secure-port={port}",
        // Until 1.22 a second, unprotected port is open by default; the flag lost its effect in 1.23 and is gone since 1.24.
        .. Only(!layout.Options.Binaries.Version.IsAtLeast(1, 23), "--port=0"),
        $"--tls-cert-file={layout.Files.Components.CertificatePath}",
        $"--tls-private-key-file={layout.Files.Components.KeyPath}",
        "--leader-elect=false",
        "--profiling=false",
    ];

    private static string[] Only(bool condition, params string[] flags) => condition ? flags : [];
}
