namespace Kiban.Datasets.Waiting;

/// <summary>Whether a claim keeps a Pod that uses it from running.</summary>
internal enum ClaimReadiness
{
    /// <summary>It does not: it asks for no data, or its data is there, or nobody wants Pods to wait for it.</summary>
    Ready,

    /// <summary>There is no such claim yet, so nothing is known of what it will ask for.</summary>
    Missing,

    /// <summary>Its data is on the way.</summary>
    Waiting,

    /// <summary>Its data will not come by itself.</summary>
    Failed,
}
