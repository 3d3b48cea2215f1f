namespace Kiban.Kubernetes.Admission;

/// <summary>One webhook: what it is asked about, and its answer.</summary>
public interface IAdmissionHandler
{
    /// <summary>How the webhook is registered with the API server, and under which path it is served.</summary>
    AdmissionWebhook Webhook { get; }

    /// <summary>Answers one review. An exception becomes an internal error (500) and is logged.</summary>
    ValueTask<AdmissionResponse> HandleAsync(AdmissionRequest request, CancellationToken cancellationToken);
}
