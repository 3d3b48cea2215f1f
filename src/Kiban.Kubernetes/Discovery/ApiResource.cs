using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Discovery;

/// <summary>A kind that the server serves in one version.</summary>
public sealed record ApiResource
{
    /// <summary>Group, version, kind and plural name.</summary>
    public required ResourceKind Kind { get; init; }

    /// <summary>Whether its objects live in namespaces.</summary>
    public required bool IsNamespaced { get; init; }

    /// <summary>What can be done with it: <c>get</c>, <c>list</c>, <c>watch</c>, …</summary>
    public required IReadOnlyList<string> Verbs { get; init; }

    /// <summary>Its subresources: <c>status</c>, <c>scale</c>, …</summary>
    public required IReadOnlyList<string> Subresources { get; init; }
}
