using Kiban.LocalCluster.Snapshots.Api;

namespace Kiban.LocalCluster.Snapshots;

/// <summary>The next step for a VolumeSnapshotContent.</summary>
internal abstract record ContentDecision
{
    private ContentDecision()
    {
    }

    /// <summary>Nothing.</summary>
    public sealed record Leave : ContentDecision;

    /// <summary>Put the finalizer on it.</summary>
    public sealed record Protect : ContentDecision;

    /// <summary>Copy the volume.</summary>
    public sealed record Take(string Handle, string Volume) : ContentDecision;

    /// <summary>Write the status.</summary>
    public sealed record Report(VolumeSnapshotContentStatus Status) : ContentDecision;

    /// <summary>It cannot be served as things are: tell it in the status and by an event, and look again later.</summary>
    public sealed record Fail(string Message) : ContentDecision;

    /// <summary>Remove the data, then the finalizer.</summary>
    public sealed record Remove(string Handle) : ContentDecision;

    /// <summary>Take the finalizer off; the data stays.</summary>
    public sealed record Release : ContentDecision;
}
