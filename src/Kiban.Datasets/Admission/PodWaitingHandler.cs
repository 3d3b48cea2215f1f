using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Datasets.Waiting;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Discovery;

namespace Kiban.Datasets.Admission;

/// <summary>Holds new Pods whose claims are not loaded: see <see cref="PodHold"/>. The controller of this part lets them go.</summary>
internal sealed class PodWaitingHandler(
    ClaimLookup lookup, ClaimReviewer reviewer, ServerCapabilities capabilities, DatasetsOptions options) : IAdmissionHandler
{
    public AdmissionWebhook Webhook { get; } = new()
    {
        Path = "/mutate/pods/datasets",
        Mutating = true,
        Entries = PodWebhookEntries.For("pods.dataset.kiban.dev"),
    };

    public async ValueTask<AdmissionResponse> HandleAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request is not { Operation: AdmissionOperation.Create, Subresource: null, Namespace: { } space, Object: { } pod }
            || pod["spec"] is not JsonObject spec || PodDocument.IsMirror(pod) || PodDocument.Label(pod, DatasetsApi.RoleLabel) == DatasetsApi.LoaderRole)
        {
            return AdmissionResponse.Allow();
        }

        var claims = new List<ConsumedClaim>();
        var (mistakes, warnings) = (new List<string>(), new List<string>());
        foreach (var (volume, template) in PodVolumes.Templates(spec))
        {
            var field = $"spec.volumes[\"{volume}\"].ephemeral.volumeClaimTemplate";
            var review = await reviewer.ReviewAsync(space, template, cancellationToken);
            mistakes.AddRange(review.Mistakes.Select(mistake => $"{field}: {mistake}"));
            warnings.AddRange(review.Warnings.Select(warning => $"{field}: {warning}"));
            if (template.IsDataset && !await capabilities.HasAsync(ServerCapability.EphemeralVolumes, cancellationToken))
                mistakes.Add($"{field}: this server keeps no generic ephemeral volumes (Kubernetes 1.21); a PersistentVolumeClaim of its own is wanted");
            claims.Add(ConsumedClaim.Of(volume, template));
        }
        if (mistakes.Count > 0)
            return AdmissionResponse.Invalid(new ClaimReview(mistakes, warnings).Text($"Pod \"{ObjectName.Of(request)}\"")) with { Warnings = warnings };
        foreach (var name in PodVolumes.ClaimNames(spec))
            claims.Add(await lookup.FindAsync(space, name, cancellationToken));

        var hasGates = claims.Any(claim => !claim.IsReady) && await capabilities.HasAsync(ServerCapability.SchedulingGates, cancellationToken);
        var method = PodHold.MethodFor(pod, claims, hasGates);
        if (PodHold.Refusal(pod, method) is { } refusal)
            return AdmissionResponse.Forbidden($"Pod \"{ObjectName.Of(request)}\" {refusal}.") with { Warnings = warnings };
        PodHold.Apply(pod, method, claims, options.Loader);
        return AdmissionResponse.Allow(warnings);
    }
}
