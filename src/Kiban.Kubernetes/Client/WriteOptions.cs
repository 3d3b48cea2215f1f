namespace Kiban.Kubernetes.Client;

/// <summary>How a write is made.</summary>
public sealed record WriteOptions
{
    /// <summary>Write to a subresource, such as <c>status</c>.</summary>
    public string? Subresource { get; init; }

    /// <summary>Name under which the server records the fields' ownership.</summary>
    public string? FieldManager { get; init; }

    /// <summary>Run admission and validation, store nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Server-side apply only: take over fields that another manager owns instead of failing with 409.</summary>
    public bool Force { get; init; } = true;
}
