using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;
using Kiban.Kubernetes.Admission;

namespace Kiban.Datasets.Admission;

/// <summary>Refuses claims that could not be filled, with every mistake in one answer.</summary>
internal sealed class ClaimValidationHandler(ClaimReviewer reviewer) : IAdmissionHandler
{
    public AdmissionWebhook Webhook { get; } = new()
    {
        Path = "/validate/persistentvolumeclaims/datasets",
        Mutating = false,
        Entries = ClaimWebhookEntries.For("validate.claims.dataset.kiban.dev"),
    };

    public async ValueTask<AdmissionResponse> HandleAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request is not { Object: { } json, Namespace: { } space, Subresource: null } || IsBeingDeleted(json))
            return AdmissionResponse.Allow();
        var claim = ClaimDocument.Of(json);
        if (claim.Annotations.Count == 0)
            return AdmissionResponse.Allow();

        var old = request.OldObject is { } before ? ClaimDocument.Of(before) : null;
        var review = await reviewer.ReviewAsync(space, claim, cancellationToken);
        IReadOnlyList<string> warnings = [.. review.Warnings, .. old is null ? [] : Ineffective(old, claim)];
        if (review.IsValid)
            return AdmissionResponse.Allow(warnings);
        var text = review.Text($"PersistentVolumeClaim \"{ObjectName.Of(request)}\"");
        // A claim that was stored while nobody checked must still be bound, take a label and lose its finalizer. (A warning is an HTTP
        // header, which has no lines.)
        return old is not null && claim.AsksAs(old)
            ? AdmissionResponse.Allow([text.ReplaceLineEndings(" "), .. warnings])
            : AdmissionResponse.Invalid(text) with { Warnings = warnings };
    }

    private static bool IsBeingDeleted(JsonObject claim) => claim["metadata"]?["deletionTimestamp"] is not null;

    private static IEnumerable<string> Ineffective(ClaimDocument old, ClaimDocument claim)
    {
        if (!old.IsDataset)
            yield break;
        if (!claim.HasSame(DatasetsApi.Annotations.Cache, old))
            yield return $"{DatasetsApi.Annotations.Cache} matters when a claim is created; changing it has no effect on this one.";
        if (claim.Spec.VolumeName is { Length: > 0 } && !claim.HasSame(DatasetsApi.Annotations.Bind, old))
            yield return $"{DatasetsApi.Annotations.Bind} matters until a claim has a volume; changing it has no effect on this one.";
    }
}
