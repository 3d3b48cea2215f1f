using System.Diagnostics;

namespace Kiban.Kubernetes.Observability;

/// <summary>Where spans come from, one source an area, so that each can be collected or left out.</summary>
public static class KibanActivitySources
{
    /// <summary>Beginning of every source's name; <c>Kiban.Kubernetes.*</c> collects them all.</summary>
    public const string Prefix = "Kiban.Kubernetes";

    /// <summary>Requests to the API server.</summary>
    public static ActivitySource Client { get; } = new($"{Prefix}.Client");

    /// <summary>Reconciliations: one span each, named <c>reconcile &lt;controller&gt;</c>, tags <c>k8s.namespace.name</c> and <c>k8s.object.name</c>.</summary>
    public static ActivitySource Controllers { get; } = new($"{Prefix}.Controllers");

    /// <summary>Admission reviews: one span each, named <c>admission &lt;path&gt;</c>.</summary>
    public static ActivitySource Admission { get; } = new($"{Prefix}.Admission");
}
