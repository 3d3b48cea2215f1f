using Kiban.Datasets.Declaring;
using Kiban.Datasets.Reuse;
using Kiban.Kubernetes.Admission;

namespace Kiban.Datasets.Admission;

/// <summary>
/// Has new claims filled from a snapshot of an equal load, where there is one that serves. What the snapshot holds is compared with the source
/// afterwards, by the claim's own credential, so an old one costs the difference and never gives wrong data.
/// </summary>
internal sealed class ClaimFillingHandler(DatasetSnapshots snapshots) : IAdmissionHandler
{
    public AdmissionWebhook Webhook { get; } = new()
    {
        Path = "/mutate/persistentvolumeclaims/datasets",
        Mutating = true,
        Entries = ClaimWebhookEntries.ForNew("fill.claims.dataset.kiban.dev"),
    };

    public ValueTask<AdmissionResponse> HandleAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request is not { Operation: AdmissionOperation.Create, Subresource: null, Object: { } claim, Namespace: { } space })
            return ValueTask.FromResult(AdmissionResponse.Allow());
        var document = ClaimDocument.Of(claim);
        // Mistakes are the validating webhook's to tell.
        if (DatasetRequest.Read(document.Annotations, out _) is { } wanted)
            ClaimFilling.Apply(claim, wanted, ClaimFilling.IsOpen(claim) ? snapshots.FindFor(space, document.Spec, wanted) : SnapshotChoice.None);
        return ValueTask.FromResult(AdmissionResponse.Allow());
    }
}
