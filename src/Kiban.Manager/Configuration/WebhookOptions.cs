namespace Kiban.Manager.Configuration;

/// <summary>Settings of the webhook server, section <c>Kiban:Webhooks</c>.</summary>
public sealed record WebhookOptions
{
    /// <summary>Port of the HTTPS listener; 0 takes a free one.</summary>
    public int Port { get; init; } = 9443;

    /// <summary>Address to listen on; all of them by default.</summary>
    public string Address { get; init; } = "::";

    /// <summary>Name of the Service, in the manager's namespace, that the API server calls.</summary>
    public string ServiceName { get; init; } = "kiban-manager";

    /// <summary>Port of that Service.</summary>
    public int ServicePort { get; init; } = 443;

    /// <summary>
    /// Base address that the API server calls instead of the Service, such as <c>https://192.0.2.1:9443</c>:
    /// for a manager that runs outside the cluster.
    /// </summary>
    public Uri? Url { get; init; }

    /// <summary>Name of the Mutating- and of the ValidatingWebhookConfiguration, both of which must exist.</summary>
    public string ConfigurationName { get; init; } = "kiban-manager";

    /// <summary>Secret, in the manager's namespace, that holds the serving certificate and its authority.</summary>
    public string CertificateSecretName { get; init; } = "kiban-manager-tls";
}
