namespace Kiban.LocalCluster.Storage;

/// <summary>What a new volume begins with.</summary>
internal abstract record ClaimSource
{
    private ClaimSource()
    {
    }

    /// <summary>Nothing.</summary>
    public sealed record Empty : ClaimSource;

    /// <summary>The data of a snapshot.</summary>
    public sealed record Snapshot(string Handle) : ClaimSource;

    /// <summary>A copy of another volume, as long as its claim is there.</summary>
    public sealed record Volume(string Name, string Claim, string ClaimUid) : ClaimSource;

    /// <summary>Not known yet: the source is not there, or not ready.</summary>
    public sealed record Pending(string Message) : ClaimSource;

    /// <summary>This source can never fill this claim.</summary>
    public sealed record Impossible(string Message) : ClaimSource;
}
