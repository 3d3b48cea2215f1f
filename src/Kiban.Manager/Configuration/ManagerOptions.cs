namespace Kiban.Manager.Configuration;

/// <summary>Settings of the process itself, section <see cref="Section"/>.</summary>
public sealed class ManagerOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Manager";

    /// <summary>
    /// Name of this replica in the Lease, in traces and in logs: the Pod's name. A random part is added where it stands in the Lease, because
    /// a restarted container has its Pod's name again and must not take its predecessor's term for its own.
    /// </summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>
    /// A kubeconfig file. Default: <c>$KUBECONFIG</c>, else the Pod's ServiceAccount, else <c>~/.kube/config</c>.
    /// </summary>
    public string? Kubeconfig { get; set; }

    /// <summary>IP address that <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served on; all of them by default.</summary>
    public string HttpAddress { get; set; } = "::";

    /// <summary>Their port (plain HTTP).</summary>
    public int HttpPort { get; set; } = 8080;
}
