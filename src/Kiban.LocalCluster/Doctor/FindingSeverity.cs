namespace Kiban.LocalCluster.Doctor;

/// <summary>How a need stands.</summary>
public enum FindingSeverity
{
    /// <summary>Met.</summary>
    Good,

    /// <summary>A cluster runs, but not everything will be as good as it could.</summary>
    Warning,

    /// <summary>A cluster cannot run.</summary>
    Problem,
}
