using Kiban.Datasets.Api;

namespace Kiban.Datasets.Declaring;

/// <summary>Judges claims for the Pods that use them.</summary>
public static class ClaimStates
{
    /// <summary>What the claim means to a Pod, from what is written on it.</summary>
    public static ClaimState Of(DatasetClaim claim)
    {
        if (!claim.IsDataset)
            return ClaimState.NoDataset;
        var request = DatasetRequest.Read(claim.Metadata.Annotations, out _);
        if (request is not null && claim.Annotation(DatasetsApi.Records.Loaded) == LoadKey.Of(claim.Metadata.Uid, request))
            return ClaimState.Loaded;
        return claim.Condition is { Status: "False", Reason: { } reason } && LoadReasons.IsFailure(reason) ? ClaimState.Failed : ClaimState.Waiting;
    }
}
