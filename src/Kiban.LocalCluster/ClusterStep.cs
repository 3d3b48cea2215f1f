namespace Kiban.LocalCluster;

/// <summary>What happened to a component.</summary>
public enum ClusterStep
{
    /// <summary>Another command works on the cluster; waiting for it.</summary>
    Waiting,

    /// <summary>It was started.</summary>
    Started,

    /// <summary>It ran already.</summary>
    Adopted,

    /// <summary>It ran otherwise than wanted and was started anew.</summary>
    Replaced,

    /// <summary>It serves.</summary>
    Ready,

    /// <summary>It is being stopped.</summary>
    Stopping,

    /// <summary>It is stopped.</summary>
    Stopped,
}
