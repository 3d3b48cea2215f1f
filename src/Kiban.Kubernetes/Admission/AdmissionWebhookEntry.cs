namespace Kiban.Kubernetes.Admission;

/// <summary>One entry of a (mutating or validating) webhook configuration.</summary>
public sealed record AdmissionWebhookEntry
{
    /// <summary>Fully qualified name, such as <c>pods.credentials.kiban.dev</c>.</summary>
    public required string Name { get; init; }

    /// <summary>API group of the resources; empty for the core group.</summary>
    public string Group { get; init; } = "";

    /// <summary>API versions, such as <c>v1</c>.</summary>
    public IReadOnlyList<string> Versions { get; init; } = ["v1"];

    /// <summary>Plural names, with subresource where wanted: <c>pods</c>, <c>pods/ephemeralcontainers</c>.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary><c>Namespaced</c>, <c>Cluster</c> or <c>*</c>.</summary>
    public string Scope { get; init; } = "Namespaced";

    /// <summary>Operations under review.</summary>
    public required IReadOnlyList<AdmissionOperation> Operations { get; init; }

    /// <summary>True: when no answer comes the request is refused (<c>failurePolicy: Fail</c>); false: it goes on (<c>Ignore</c>).</summary>
    public required bool FailClosed { get; init; }

    /// <summary>Further requirements on the namespace's labels; the system's namespaces and opted-out namespaces are always excluded.</summary>
    public IReadOnlyList<LabelRequirement> NamespaceSelector { get; init; } = [];

    /// <summary>Further requirements on the object's labels; opted-out objects are always excluded.</summary>
    public IReadOnlyList<LabelRequirement> ObjectSelector { get; init; } = [];

    /// <summary>CEL conditions (Kubernetes 1.28 and later) that must all hold for the webhook to be called.</summary>
    public IReadOnlyList<MatchCondition> MatchConditions { get; init; } = [];

    /// <summary>Whether this entry is registered on servers with (true) or without (false) <c>matchConditions</c>; null: on both.</summary>
    public bool? NeedsMatchConditions { get; init; }

    /// <summary>Time the server waits, at most 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
