namespace Kiban.LocalCluster.Components;

/// <summary>What it took to have a component running.</summary>
public enum StartOutcome
{
    /// <summary>It did not run and was started.</summary>
    Started,

    /// <summary>It ran with what is wanted and was left alone.</summary>
    Adopted,

    /// <summary>It ran with something else (other arguments, other certificates) and was started anew.</summary>
    Replaced,
}
