namespace Kiban.LocalCluster;

/// <summary>Something about the local cluster that a person can put right: the message is one sentence that says what and how.</summary>
public sealed class LocalClusterException : Exception
{
    /// <summary>Creates the exception.</summary>
    public LocalClusterException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with what caused it.</summary>
    public LocalClusterException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
