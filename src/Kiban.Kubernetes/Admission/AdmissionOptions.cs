using System.Net;
using Kiban.Kubernetes.Certificates;

namespace Kiban.Kubernetes.Admission;

/// <summary>Where the admission server listens, how the API server reaches it, and what it never touches.</summary>
public sealed class AdmissionOptions
{
    /// <summary>Label that opts a namespace (all of it) or a single object out of every webhook, with the value <see cref="OptOutValue"/>.</summary>
    public const string OptOutLabel = "kiban.dev/webhooks";

    /// <summary>The value of <see cref="OptOutLabel"/> that opts out.</summary>
    public const string OptOutValue = "disabled";

    /// <summary>
    /// Largest review that is read. The API server takes requests of up to 3 MiB and etcd objects of up to 1.5 MiB; a review of an update
    /// holds two of them, as JSON, which is larger than what is stored.
    /// </summary>
    public const int MaxReviewBytes = 16 * 1024 * 1024;

    /// <summary>Name of the two webhook configurations, which the installation ships empty and the leader fills.</summary>
    public string ConfigurationName { get; set; } = "kiban-manager";

    /// <summary>Namespace of the Service, the Secret and the program itself. It is never subject to the webhooks.</summary>
    public string Namespace { get; set; } = "kiban-system";

    /// <summary>Service under which the API server calls the webhooks.</summary>
    public string ServiceName { get; set; } = "kiban-manager";

    /// <summary>Port of the Service.</summary>
    public int ServicePort { get; set; } = 443;

    /// <summary>
    /// Base address that the API server is to call instead of the Service, for a manager that runs outside the cluster; its host must be
    /// among <see cref="ServingNames"/> or an IP address.
    /// </summary>
    public Uri? Url { get; set; }

    /// <summary>Address to listen on.</summary>
    public IPAddress ListenAddress { get; set; } = IPAddress.IPv6Any;

    /// <summary>Port to listen on; 0 lets the system choose.</summary>
    public int Port { get; set; } = 9443;

    /// <summary>Namespaces that are never subject to the webhooks, besides <see cref="Namespace"/>: a cluster must come up without this program.</summary>
    public IList<string> SystemNamespaces { get; } = ["kube-system", "kube-public", "kube-node-lease"];

    /// <summary>
    /// How long a replica that is told to stop still answers, while it reports itself not ready and asks each caller to connect anew:
    /// longer than the API server and kube-proxy take to learn that it is going. Must fit in the host's shutdown timeout.
    /// </summary>
    public TimeSpan DrainPeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time after which everything that is registered is looked at again even if nothing seems to have changed.</summary>
    public TimeSpan ResyncPeriod { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Lifetimes and rotation of the serving certificate.</summary>
    public CertificateOptions Certificates { get; } = new();

    /// <summary>The namespaces excluded from every webhook.</summary>
    internal IReadOnlyList<string> ExcludedNamespaces => [.. SystemNamespaces.Append(Namespace).Distinct(StringComparer.Ordinal)];

    /// <summary>The names (and IP addresses) that the serving certificate is made for.</summary>
    internal IReadOnlyList<string> ServingNames =>
    [
        $"{ServiceName}.{Namespace}.svc",
        $"{ServiceName}.{Namespace}.svc.cluster.local",
        $"{ServiceName}.{Namespace}",
        ServiceName,
        .. Url is null ? [] : new[] { Url.IdnHost.Trim('[', ']') },
    ];
}
