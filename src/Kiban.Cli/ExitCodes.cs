namespace Kiban.Cli;

/// <summary>Every exit code of <c>kiban</c>.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>It went wrong; standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;

    /// <summary>There is no such cluster, or not all of it runs (<c>kiban local status</c>).</summary>
    public const int NotRunning = 3;

    /// <summary>The machine lacks something (<c>kiban local doctor</c>).</summary>
    public const int MachineUnfit = 4;

    /// <summary>Ended by Ctrl-C or SIGTERM, tidily; as shells count it.</summary>
    public const int Interrupted = 130;
}
