namespace Kiban.LocalCluster.Snapshots;

/// <summary>What is kept beside the data of a snapshot, for contents that know it only by its handle.</summary>
/// <param name="CreationTime">When the copy began, UTC.</param>
/// <param name="RestoreSize">Smallest volume that it can fill, in bytes: the size of the volume it was taken of.</param>
/// <param name="Volume">The volume it was taken of.</param>
internal sealed record SnapshotRecord(DateTime CreationTime, long RestoreSize, string Volume);
