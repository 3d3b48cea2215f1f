using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Admission;

/// <summary>
/// A request under review (<c>admission.k8s.io/v1</c>), with the objects as raw JSON so that fields this program does not know survive.
/// It lives as long as the call of the handler: the objects read the very bytes that were received, which are released with the answer.
/// </summary>
public sealed record AdmissionRequest
{
    /// <summary>Identity of this review.</summary>
    public required string Uid { get; init; }

    /// <summary>Kind of the object, such as <c>Pod</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Plural name, such as <c>pods</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Subresource, such as <c>ephemeralcontainers</c>.</summary>
    public string? Subresource { get; init; }

    /// <summary>Name; null when the server will generate it.</summary>
    public string? Name { get; init; }

    /// <summary>Namespace of the request. The object's own metadata may lack it at creation.</summary>
    public string? Namespace { get; init; }

    /// <summary>What is done.</summary>
    public required AdmissionOperation Operation { get; init; }

    /// <summary>Who asks.</summary>
    public string? Username { get; init; }

    /// <summary>
    /// The new object; null for deletions. A mutating handler changes this very instance. Neither it nor any node of it may be kept, or handed
    /// to work that goes on, after the handler has returned: take out what is needed (<c>GetValue&lt;string&gt;()</c>), or keep a <c>DeepClone()</c>.
    /// </summary>
    public JsonObject? Object { get; init; }

    /// <summary>The stored object; null for creations. May no more be kept than <see cref="Object"/>.</summary>
    public JsonObject? OldObject { get; init; }

    /// <summary>True when nothing will be stored: a handler must have no side effects.</summary>
    public bool DryRun { get; init; }
}
