using Kiban.Kubernetes.Admission;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>A handler that does what a test says.</summary>
internal sealed class DelegateHandler(AdmissionWebhook webhook, Func<AdmissionRequest, CancellationToken, ValueTask<AdmissionResponse>> handle) : IAdmissionHandler
{
    public DelegateHandler(AdmissionWebhook webhook, Func<AdmissionRequest, AdmissionResponse> handle)
        : this(webhook, (request, _) => ValueTask.FromResult(handle(request)))
    {
    }

    public AdmissionWebhook Webhook => webhook;

    public ValueTask<AdmissionResponse> HandleAsync(AdmissionRequest request, CancellationToken cancellationToken) => handle(request, cancellationToken);

    /// <summary>A webhook on the creation of Pods.</summary>
    public static AdmissionWebhook OnPods(string path, bool mutating, bool failClosed = true) => new()
    {
        Path = path,
        Mutating = mutating,
        Entries =
        [
            new AdmissionWebhookEntry
            {
                Name = path.Trim('/').Replace('/', '.') + ".test.kiban.dev",
                Resources = ["pods"],
                Operations = [AdmissionOperation.Create],
                FailClosed = failClosed,
            },
        ],
    };
}
