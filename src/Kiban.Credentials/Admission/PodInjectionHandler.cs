using Kiban.Credentials.Injection;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Admission;

/// <summary>Injects credentials into Pods, and into ephemeral containers of Pods that have them.</summary>
internal sealed class PodInjectionHandler(PodCredentials credentials) : IAdmissionHandler
{
    public AdmissionWebhook Webhook { get; } = new()
    {
        Path = "/mutate/pods/credentials",
        Mutating = true,
        Entries = [.. PodWebhookEntries.For("pods.credentials.kiban.dev"), PodWebhookEntries.ForEphemeralContainers("ephemeral.pods.credentials.kiban.dev")],
    };

    public async ValueTask<AdmissionResponse> HandleAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Subresource == "ephemeralcontainers")
            return await InjectEphemeralAsync(request, cancellationToken);
        if (request.Operation != AdmissionOperation.Create)
            return AdmissionResponse.Allow();
        var response = await InjectAsync(request, live: false, cancellationToken);
        return response.Allowed ? response : await InjectAsync(request, live: true, cancellationToken);
    }

    private async ValueTask<AdmissionResponse> InjectAsync(AdmissionRequest request, bool live, CancellationToken cancellationToken)
    {
        if (await credentials.RequestOfAsync(request, live, cancellationToken) is not { } asked)
            return AdmissionResponse.Allow();
        var pod = request.Object!;
        if (PodCredentials.Refusal(request, pod, asked) is { } refusal)
            return refusal;
        var (injections, refusals) = await credentials.InjectionsOfAsync(request.Namespace!, asked, cancellationToken);
        if (refusals.Count > 0)
            return AdmissionResponse.Forbidden($"Pod \"{ObjectName.Of(request)}\": {string.Join("; and ", refusals)}") with { Warnings = asked.Warnings };
        return AdmissionResponse.Allow([.. asked.Warnings, .. PodInjector.Inject(pod, injections, asked.Containers)]);
    }

    // A running Pod is never refused a debugging container because its Secret has gone since.
    private async ValueTask<AdmissionResponse> InjectEphemeralAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (await credentials.RequestOfAsync(request, live: false, cancellationToken) is not { Mistakes.Count: 0 } asked)
            return AdmissionResponse.Allow();
        var (injections, _) = await credentials.InjectionsOfAsync(request.Namespace!, asked, cancellationToken);
        return AdmissionResponse.Allow([.. PodInjector.InjectEphemeral(request.Object!, request.OldObject, injections, asked.Containers)]);
    }
}
