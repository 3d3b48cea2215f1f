namespace Kiban.Kubernetes.Observability;

/// <summary>Tags that say which endpoint runs a health check.</summary>
public static class HealthTags
{
    /// <summary>Checks of <c>/healthz</c>: false means the process must be restarted.</summary>
    public const string Live = "live";

    /// <summary>Checks of <c>/readyz</c>: false means requests should go elsewhere for now.</summary>
    public const string Ready = "ready";
}
