namespace Kiban.Kubernetes.Client;

/// <summary>What to watch, from where, and for how long.</summary>
public sealed record WatchOptions
{
    /// <inheritdoc cref="ListOptions.LabelSelector"/>
    public string? LabelSelector { get; init; }

    /// <inheritdoc cref="ListOptions.FieldSelector"/>
    public string? FieldSelector { get; init; }

    /// <summary>Version after which events are wanted.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>How long the server keeps the stream open; it then ends without error.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Ask for BOOKMARK events, which move the version on without an object.</summary>
    public bool AllowBookmarks { get; init; } = true;

    /// <summary>
    /// Ask the server to begin with the objects that exist, ended by a bookmark with the annotation <c>k8s.io/initial-events-end</c>
    /// (WatchList, KEP-3157; a server that does not serve it answers 422).
    /// </summary>
    public bool SendInitialEvents { get; init; }
}
