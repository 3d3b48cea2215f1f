namespace Kiban.Kubernetes.Admission;

/// <summary>
/// A webhook's registration. One handler may be registered by several entries (for example one that fails open and one that
/// fails closed); all of them call the same path.
/// </summary>
public sealed record AdmissionWebhook
{
    /// <summary>Path under which the handler is served, such as <c>/mutate/pods/credentials</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the handler may change the object.</summary>
    public required bool Mutating { get; init; }

    /// <summary>The entries of the webhook configuration that call <see cref="Path"/>.</summary>
    public required IReadOnlyList<AdmissionWebhookEntry> Entries { get; init; }
}
