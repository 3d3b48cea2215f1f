using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;

namespace Kiban.Datasets.Waiting;

/// <summary>A claim as it matters to a Pod that uses it.</summary>
internal sealed record ConsumedClaim
{
    /// <summary>Its name; of a claim that is made for the Pod, as <see cref="WaitContainer"/> writes it before the Pod's name is known.</summary>
    public required string Name { get; init; }

    public required ClaimReadiness Readiness { get; init; }

    /// <summary>Whether Pods wait for it at all, now or when it is loaded again.</summary>
    public required bool Concerns { get; init; }

    /// <summary>How they wait.</summary>
    public WaitMode Wait { get; init; }

    /// <summary>Reason of the claim's condition, where it has one.</summary>
    public string? Reason { get; init; }

    /// <summary>Message of the claim's condition, where it has one.</summary>
    public string? Message { get; init; }

    public bool IsReady => Readiness == ClaimReadiness.Ready;

    /// <param name="name">Name by which the Pod uses it.</param>
    /// <param name="claim">The claim; null where there is none.</param>
    public static ConsumedClaim Of(string name, DatasetClaim? claim)
    {
        if (claim is null)
            return new ConsumedClaim { Name = name, Readiness = ClaimReadiness.Missing, Concerns = true };
        var wait = WaitModes.Of(claim.Annotation(DatasetsApi.Annotations.Wait));
        var state = ClaimStates.Of(claim);
        return state == ClaimState.NoDataset || wait == WaitMode.Never
            ? new ConsumedClaim { Name = name, Readiness = ClaimReadiness.Ready, Concerns = false }
            : new ConsumedClaim
            {
                Name = name,
                Readiness = state switch
                {
                    ClaimState.Loaded when claim.IsBound => ClaimReadiness.Ready,
                    ClaimState.Failed => ClaimReadiness.Failed,
                    _ => ClaimReadiness.Waiting,
                },
                Concerns = true,
                Wait = wait,
                Reason = claim.Condition?.Reason,
                Message = claim.Condition?.Message,
            };
    }

    /// <summary>The claim that will be made for the Pod from a template.</summary>
    public static ConsumedClaim Of(string volume, ClaimDocument template)
    {
        var concerns = template is { IsDataset: true, Wait: not WaitMode.Never };
        return new ConsumedClaim
        {
            Name = WaitContainer.EphemeralClaimName(volume),
            Readiness = concerns ? ClaimReadiness.Waiting : ClaimReadiness.Ready,
            Concerns = concerns,
            Wait = template.Wait,
        };
    }
}
