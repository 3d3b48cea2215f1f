namespace Kiban.LocalCluster.Processes;

/// <summary>Signals that daemons are ended with (Linux numbers).</summary>
public enum UnixSignal
{
    /// <summary>SIGHUP: many daemons read their configuration again.</summary>
    Hangup = 1,

    /// <summary>SIGINT, as Ctrl-C sends.</summary>
    Interrupt = 2,

    /// <summary>SIGKILL.</summary>
    Kill = 9,

    /// <summary>SIGTERM: end tidily.</summary>
    Terminate = 15,

    /// <summary>SIGCONT: go on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>SIGSTOP: freeze; for tests of what happens when a process stalls.</summary>
    Stop = 19,
}
