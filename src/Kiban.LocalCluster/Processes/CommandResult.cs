namespace Kiban.LocalCluster.Processes;

/// <summary>How a command ended.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Exit code 0.</summary>
    public bool Succeeded => ExitCode == 0;
}
