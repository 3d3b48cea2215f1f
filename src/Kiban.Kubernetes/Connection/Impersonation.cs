namespace Kiban.Kubernetes.Connection;

/// <summary>
/// Whom requests are made as, by a user who may impersonate
/// (<see href="https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation"/>).
/// </summary>
public sealed record Impersonation
{
    /// <summary>Name of the user.</summary>
    public required string User { get; init; }

    /// <summary>UID of the user (Kubernetes 1.22 and later).</summary>
    public string? Uid { get; init; }

    /// <summary>Groups the user is in.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Further attributes, each with its values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    internal void AddTo(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Impersonate-User", User);
        if (Uid is not null)
        {
            request.Headers.TryAddWithoutValidation("Impersonate-Uid", Uid);
        }

        // One header line a value: joined by commas they would be one group of a strange name.
        request.Headers.TryAddWithoutValidation("Impersonate-Group", Groups);
        foreach (var (key, values) in Extra)
        {
            request.Headers.TryAddWithoutValidation($"Impersonate-Extra-{Uri.EscapeDataString(key)}", values);
        }
    }
}
