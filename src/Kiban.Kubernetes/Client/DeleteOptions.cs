namespace Kiban.Kubernetes.Client;

/// <summary>How an object is deleted.</summary>
public sealed record DeleteOptions
{
    /// <summary>Delete only the object with this UID, never a namesake made later (409 otherwise).</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only this version of the object (409 otherwise).</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Run admission and checks, delete nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary><c>Background</c> (the default), <c>Foreground</c> or <c>Orphan</c>.</summary>
    public string PropagationPolicy { get; init; } = "Background";

    /// <summary>Time that a Pod gets to end; null leaves it to the object.</summary>
    public TimeSpan? GracePeriod { get; init; }
}
