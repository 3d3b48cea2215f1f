namespace Kiban.Datasets.Declaring;

/// <summary>What a claim means to a Pod that uses it.</summary>
public enum ClaimState
{
    /// <summary>It asks for no data.</summary>
    NoDataset,

    /// <summary>Its data is not there yet.</summary>
    Waiting,

    /// <summary>Its data will not come by itself: somebody has to mend something.</summary>
    Failed,

    /// <summary>Its data is there, whole and verified.</summary>
    Loaded,
}
