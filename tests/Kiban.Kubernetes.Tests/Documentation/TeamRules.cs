using k8s.Models;

namespace Kiban.Kubernetes.Tests.Documentation;

/// <summary>From what is observed to what is desired, without I/O.</summary>
internal static class TeamRules
{
    /// <summary>The size that the team has by its label.</summary>
    public static string SizeOf(V1Namespace team) => team.Metadata.Labels[TeamsApi.SizeLabel];

    /// <summary>How many processors the size has; null where nobody said.</summary>
    public static string? Processors(IEnumerable<V1ConfigMap> sizes, string size) =>
        sizes.Select(map => map.Data?.TryGetValue(size, out var processors) == true ? processors : null).FirstOrDefault(found => found is not null);

    /// <summary>The quota as it should be; its owner reference takes it away with the namespace and leads its changes back here.</summary>
    public static V1ResourceQuota Quota(V1Namespace team, string processors) => new()
    {
        ApiVersion = "v1",
        Kind = "ResourceQuota",
        Metadata = new V1ObjectMeta
        {
            Name = TeamsApi.QuotaName,
            NamespaceProperty = team.Metadata.Name,
            OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "Namespace", Name = team.Metadata.Name, Uid = team.Metadata.Uid, Controller = true }],
        },
        Spec = new V1ResourceQuotaSpec { Hard = new Dictionary<string, ResourceQuantity> { ["requests.cpu"] = new(processors) } },
    };

    /// <summary>Whether nothing needs to be written.</summary>
    public static bool IsAsDesired(V1ResourceQuota? observed, V1ResourceQuota desired) =>
        observed?.Spec.Hard is { Count: 1 } hard && hard.TryGetValue("requests.cpu", out var processors) && processors.Equals(desired.Spec.Hard["requests.cpu"]);
}
