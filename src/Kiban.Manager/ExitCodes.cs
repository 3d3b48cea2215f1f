namespace Kiban.Manager;

/// <summary>How the process ends.</summary>
public static class ExitCodes
{
    /// <summary>It was told to stop, and did.</summary>
    public const int Success = 0;

    /// <summary>A setting is wrong; standard error names every one that is.</summary>
    public const int WrongSettings = 2;

    /// <summary>No API server is configured, or its configuration cannot be read.</summary>
    public const int NoCluster = 3;
}
