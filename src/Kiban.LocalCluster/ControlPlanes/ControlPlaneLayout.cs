using Kiban.LocalCluster.Pki;

namespace Kiban.LocalCluster.ControlPlanes;

/// <summary>Everything that is decided about a control plane before its first program starts.</summary>
public sealed record ControlPlaneLayout
{
    /// <summary>Where it lives.</summary>
    public required ClusterDirectory Directory { get; init; }

    /// <summary>What was asked for.</summary>
    public required ControlPlaneOptions Options { get; init; }

    /// <summary>Ports.</summary>
    public required ControlPlanePorts Ports { get; init; }

    /// <summary>Authorities.</summary>
    public required ClusterPki Pki { get; init; }

    /// <summary>Certificates.</summary>
    public required ControlPlaneFiles Files { get; init; }

    /// <summary>Address of the API server.</summary>
    public Uri Server => new UriBuilder(Uri.UriSchemeHttps, Options.Address.ToString(), Ports.ApiServer).Uri;

    /// <summary>Kubeconfig of the controller manager.</summary>
    public string ControllerManagerKubeconfig => KubeconfigPath(ControlPlaneFlags.ControllerManagerName);

    /// <summary>Kubeconfig of the scheduler.</summary>
    public string SchedulerKubeconfig => KubeconfigPath(ControlPlaneFlags.SchedulerName);

    /// <summary>Audit policy file.</summary>
    public string AuditPolicyPath => Directory.Combine("audit-policy.yaml");

    /// <summary>Audit log, one JSON event a line.</summary>
    public string AuditLogPath => Path.Combine(Directory.LogsPath, "audit.log");

    /// <summary>Where the kubeconfig of a component lies.</summary>
    public string KubeconfigPath(string component) => KubeconfigPathOf(Directory, component);

    /// <summary>Where the kubeconfig of a component of a cluster lies.</summary>
    public static string KubeconfigPathOf(ClusterDirectory cluster, string component) => Path.Combine(cluster.KubeconfigsPath, component + ".kubeconfig");
}
