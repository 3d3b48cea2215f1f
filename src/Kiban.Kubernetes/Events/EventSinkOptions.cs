namespace Kiban.Kubernetes.Events;

/// <summary>How events are written.</summary>
public sealed record EventSinkOptions
{
    /// <summary>Identity of this process in its events; the Pod's name, which is the machine's name in a Pod.</summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>Events that wait to be written; while the server is away further ones are dropped.</summary>
    public int Capacity { get; init; } = 1000;

    /// <summary>Times a write is tried.</summary>
    public int MaxTries { get; init; } = 5;

    /// <summary>Wait before a write is tried again; doubled each time.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often counts that the limits held back are looked at.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);
}
