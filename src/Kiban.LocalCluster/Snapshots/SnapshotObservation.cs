using k8s.Models;
using Kiban.LocalCluster.Snapshots.Api;

namespace Kiban.LocalCluster.Snapshots;

/// <summary>A VolumeSnapshot and what its fate depends on.</summary>
internal sealed record SnapshotObservation
{
    /// <summary>The snapshot.</summary>
    public required VolumeSnapshot Snapshot { get; init; }

    /// <summary>The content of its name (dynamic), or the one that it names.</summary>
    public VolumeSnapshotContent? Content { get; init; }

    /// <summary>The claim that it names.</summary>
    public V1PersistentVolumeClaim? Claim { get; init; }

    /// <summary>The volume that the claim is bound to.</summary>
    public V1PersistentVolume? Volume { get; init; }

    /// <summary>Every class there is.</summary>
    public IReadOnlyCollection<VolumeSnapshotClass> Classes { get; init; } = [];

    /// <summary>Another snapshot is being taken of the same claim.</summary>
    public bool ClaimIsCopiedForOthers { get; init; }

    /// <summary>Name of a claim that is to be filled from the snapshot and is not bound yet.</summary>
    public string? RestoringClaim { get; init; }
}
