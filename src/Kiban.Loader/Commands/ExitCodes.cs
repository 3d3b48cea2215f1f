namespace Kiban.Loader.Commands;

/// <summary>Every exit code of <c>kiban-loader</c>.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>It failed in passing: the same command can succeed later.</summary>
    public const int Passing = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>It failed for good: somebody has to change something first.</summary>
    public const int Terminal = 3;

    /// <summary>Ended by SIGTERM, as shells count it. The next load continues.</summary>
    public const int Interrupted = 143;

    /// <summary>The code of a failure.</summary>
    public static int Of(LoadException failure) => failure switch
    {
        { Reason: LoadReason.WrongArguments } => Usage,
        { IsPassing: true } => Passing,
        _ => Terminal,
    };
}
