using k8s.Models;
using Kiban.LocalCluster.Snapshots.Api;

namespace Kiban.LocalCluster.Storage;

/// <summary>What is to be seen of a claim's source: of the snapshot that it names, or of the claim.</summary>
internal sealed record ObservedSource
{
    /// <summary>The snapshot.</summary>
    public VolumeSnapshot? Snapshot { get; init; }

    /// <summary>The content that the snapshot says it is bound to.</summary>
    public VolumeSnapshotContent? Content { get; init; }

    /// <summary>The claim.</summary>
    public V1PersistentVolumeClaim? Claim { get; init; }

    /// <summary>The claim's volume.</summary>
    public V1PersistentVolume? Volume { get; init; }
}
