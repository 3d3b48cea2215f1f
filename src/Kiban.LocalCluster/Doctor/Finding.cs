namespace Kiban.LocalCluster.Doctor;

/// <summary>What the doctor says about one need.</summary>
/// <param name="Need">What is needed.</param>
/// <param name="Severity">How it stands.</param>
/// <param name="Detail">One sentence: what was found and, unless all is well, what would be right.</param>
public sealed record Finding(string Need, FindingSeverity Severity, string Detail);
