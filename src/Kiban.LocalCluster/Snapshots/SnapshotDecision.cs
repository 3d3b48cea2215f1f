using Kiban.LocalCluster.Snapshots.Api;

namespace Kiban.LocalCluster.Snapshots;

/// <summary>The next step for a VolumeSnapshot. Each changes an object, which brings the snapshot here again.</summary>
internal abstract record SnapshotDecision
{
    private SnapshotDecision()
    {
    }

    /// <summary>Nothing: it is another driver's, or all is done, or somebody else's step comes first.</summary>
    public sealed record Leave : SnapshotDecision;

    /// <summary>Put both finalizers on it before anything is made for it.</summary>
    public sealed record Protect : SnapshotDecision;

    /// <summary>Write the default class into it.</summary>
    public sealed record SetClass(string Name) : SnapshotDecision;

    /// <summary>Put a finalizer on the claim, so that its volume stays while it is copied.</summary>
    public sealed record ProtectClaim : SnapshotDecision;

    /// <summary>Make the content, which has the data taken.</summary>
    public sealed record CreateContent(VolumeSnapshotContent Content) : SnapshotDecision;

    /// <summary>Write the UID of the snapshot into the given content, which binds it to this snapshot and to no other.</summary>
    public sealed record Bind : SnapshotDecision;

    /// <summary>Write the status.</summary>
    public sealed record Report(VolumeSnapshotStatus Status) : SnapshotDecision;

    /// <summary>It cannot be served as things are: tell it in the status and by an event, and look again later.</summary>
    public sealed record Fail(string Reason, string Message) : SnapshotDecision;

    /// <summary>Take the finalizer off the claim: nothing is copied from it any more.</summary>
    public sealed record ReleaseClaim : SnapshotDecision;

    /// <summary>It is to be deleted, but something is in the way: tell it by an event.</summary>
    public sealed record Hold(string Message) : SnapshotDecision;

    /// <summary>Delete the content, as the deletion policy wants, or only let it know (<see cref="SnapshotApi.BeingDeletedAnnotation"/>).</summary>
    public sealed record GiveUpContent(bool Delete) : SnapshotDecision;

    /// <summary>Take both finalizers off.</summary>
    public sealed record Release : SnapshotDecision;
}
