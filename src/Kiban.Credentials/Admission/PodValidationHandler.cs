using Kiban.Credentials.Api;
using Kiban.Credentials.Injection;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Admission;

/// <summary>
/// Looks at Pods as they are about to be stored, after every mutating webhook, and refuses those that asked for credentials and do not have them:
/// because injection was passed over while Kiban did not answer, or because something else took it out again.
/// </summary>
internal sealed class PodValidationHandler(PodCredentials credentials) : IAdmissionHandler
{
    public AdmissionWebhook Webhook { get; } = new()
    {
        Path = "/validate/pods/credentials",
        Mutating = false,
        Entries = PodWebhookEntries.For("injected.pods.credentials.kiban.dev"),
    };

    public async ValueTask<AdmissionResponse> HandleAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Operation != AdmissionOperation.Create || request.Subresource is not null)
            return AdmissionResponse.Allow();
        var response = await CheckAsync(request, live: false, cancellationToken);
        return response.Allowed ? response : await CheckAsync(request, live: true, cancellationToken);
    }

    private async ValueTask<AdmissionResponse> CheckAsync(AdmissionRequest request, bool live, CancellationToken cancellationToken)
    {
        if (await credentials.RequestOfAsync(request, live, cancellationToken) is not { } asked)
            return AdmissionResponse.Allow();
        var pod = request.Object!;
        if (PodCredentials.Refusal(request, pod, asked) is { } refusal)
            return refusal;
        // Only now, because a later webhook may have added the container that the annotation names.
        if (InjectionCheck.UnknownContainers(pod, asked.Containers) is { Count: > 0 } unknown)
        {
            return AdmissionResponse.Invalid($"Pod \"{ObjectName.Of(request)}\": annotation {CredentialsApi.ContainersAnnotation} names "
                + $"{Quoted(unknown)}, but the Pod's containers are {Quoted(PodDocument.Containers(pod).Select(PodDocument.Name))}.");
        }
        var missing = InjectionCheck.Missing(pod, PodCredentials.LeastInjectionsOf(asked), asked.Containers);
        return missing.Count == 0
            ? AdmissionResponse.Allow()
            : AdmissionResponse.Forbidden($"Pod \"{ObjectName.Of(request)}\" asks for credentials but lacks {string.Join(", ", missing)}: "
                + "it was not injected, or another webhook undid it; create it again.");
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
