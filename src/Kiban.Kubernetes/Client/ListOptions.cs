namespace Kiban.Kubernetes.Client;

/// <summary>What to list, and how much at once.</summary>
public sealed record ListOptions
{
    /// <summary>Label selector, such as <c>app=web</c>.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Field selector, such as <c>type=kiban.dev/aws-credentials</c>.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Objects a page; null leaves it to the server (all at once).</summary>
    public int? Limit { get; init; }

    /// <summary>Token of the previous page.</summary>
    public string? Continue { get; init; }

    /// <summary>Version to read at; <c>0</c> means "any, from the server's cache"; null means the newest.</summary>
    public string? ResourceVersion { get; init; }
}
