namespace Kiban.LocalCluster.Pki;

/// <summary>
/// The trust of one cluster. Three authorities, as <see href="https://kubernetes.io/docs/setup/best-practices/certificates/"/> has
/// them: a client of the cluster must not be a client of etcd, nor pose as the front proxy.
/// </summary>
public sealed record ClusterPki
{
    /// <summary>The cluster's authority: API server, users, kubelets, components.</summary>
    public required CertificateAuthority Authority { get; init; }

    /// <summary>The authority of etcd and of its only client, the API server.</summary>
    public required CertificateAuthority EtcdAuthority { get; init; }

    /// <summary>The authority of the aggregation layer's proxy client.</summary>
    public required CertificateAuthority FrontProxyAuthority { get; init; }

    /// <summary>Keys of service account tokens.</summary>
    public required ServiceAccountKeys ServiceAccountKeys { get; init; }

    /// <summary>Reads what the cluster has and makes what is missing.</summary>
    public static ClusterPki LoadOrCreate(ClusterDirectory cluster, TimeProvider time) => new()
    {
        Authority = CertificateAuthority.LoadOrCreate(cluster.PkiPath, "kiban", time),
        EtcdAuthority = CertificateAuthority.LoadOrCreate(Path.Combine(cluster.PkiPath, "etcd"), "kiban-etcd", time),
        FrontProxyAuthority = CertificateAuthority.LoadOrCreate(Path.Combine(cluster.PkiPath, "front-proxy"), "kiban-front-proxy", time),
        ServiceAccountKeys = ServiceAccountKeys.LoadOrCreate(cluster.PkiPath),
    };
}
