namespace Kiban.Kubernetes.Connection;

/// <summary>How an exec plugin uses standard input.</summary>
public enum ExecInteractiveMode
{
    /// <summary>It wants to, where a terminal is there.</summary>
    IfAvailable,

    /// <summary>It never does.</summary>
    Never,

    /// <summary>It cannot work without; the connection fails where there is no terminal.</summary>
    Always,
}
