namespace Kiban.LocalCluster.Storage;

/// <summary>The kinds that the agent's storage works on.</summary>
internal enum StorageKind
{
    /// <summary>PersistentVolumeClaim.</summary>
    Claim,

    /// <summary>PersistentVolume.</summary>
    Volume,

    /// <summary>VolumeSnapshot.</summary>
    Snapshot,

    /// <summary>VolumeSnapshotContent.</summary>
    Content,
}
