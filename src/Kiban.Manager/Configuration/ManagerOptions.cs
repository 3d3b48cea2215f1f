namespace Kiban.Manager.Configuration;

/// <summary>
/// Settings of the manager, section <c>Kiban</c>: from <c>appsettings.json</c>, from the environment
/// (<c>KIBAN__WEBHOOKS__PORT=9443</c>) and from arguments (<c>--Kiban:Webhooks:Port=9443</c>), the later winning.
/// </summary>
public sealed record ManagerOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Kiban";

    /// <summary>Namespace that the manager runs in, and keeps its Lease and its certificates in.</summary>
    public string Namespace { get; init; } = "kiban-system";

    /// <summary>Name under which this replica holds the Lease, unique among replicas: the Pod's name. Default: the host's name and the process id.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>A kubeconfig file. Default: the Pod's ServiceAccount where there is one, else <c>$KUBECONFIG</c> or <c>~/.kube/config</c>.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Where and how the API server reaches the webhooks.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>Port of <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> (plain HTTP); 0 takes a free one.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>Which replica works.</summary>
    public LeaderElectionOptions LeaderElection { get; init; } = new();

    /// <summary>
    /// How long a stopping replica keeps on answering after it has reported itself not ready, so that the Service's endpoints
    /// and the API server's connections can move to the other replica.
    /// </summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.FromSeconds(5);
}
