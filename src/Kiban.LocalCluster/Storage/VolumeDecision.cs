namespace Kiban.LocalCluster.Storage;

/// <summary>What is to be done with a PersistentVolume.</summary>
internal enum VolumeDecision
{
    /// <summary>Nothing.</summary>
    Leave,

    /// <summary>Its claim is gone and its reclaim policy is Delete: delete the object, which brings it to <see cref="Remove"/>.</summary>
    Delete,

    /// <summary>The object is being deleted and nobody uses it: remove the directory, then the finalizer.</summary>
    Remove,

    /// <summary>The object is being deleted, its reclaim policy keeps the data: remove the finalizer only.</summary>
    Release,
}
