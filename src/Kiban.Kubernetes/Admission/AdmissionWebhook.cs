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

/// <summary>A <c>matchExpressions</c> requirement of a label selector.</summary>
/// <param name="Key">Label key.</param>
/// <param name="Operator"><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</param>
/// <param name="Values">Values, for the first two.</param>
public sealed record LabelRequirement(string Key, string Operator, params IReadOnlyList<string> Values);

/// <summary>A CEL condition of a webhook.</summary>
/// <param name="Name">Name in error messages.</param>
/// <param name="Expression">CEL over <c>object</c>, <c>oldObject</c>, <c>request</c>, <c>authorizer</c>.</param>
public sealed record MatchCondition(string Name, string Expression);
