using k8s.Models;
using Kiban.Datasets.Api;

namespace Kiban.Datasets.Loading;

/// <summary>
/// Where a loader may run, and as whom: like the Pod that will use the data, so that a claim which binds on first use is bound where that Pod
/// can run, and the files are its own. What that Pod asks of GPUs is left out, and so is its place beside other Pods.
/// </summary>
internal sealed record LoaderPlacement
{
    /// <summary>No rule at all.</summary>
    public static LoaderPlacement Anywhere { get; } = new();

    /// <summary>Labels a node must have.</summary>
    public IDictionary<string, string>? NodeSelector { get; init; }

    /// <summary>Further rules about nodes.</summary>
    public V1NodeAffinity? NodeAffinity { get; init; }

    /// <summary>Taints it bears.</summary>
    public IList<V1Toleration>? Tolerations { get; init; }

    /// <summary>The node that holds the volume already, where only one can.</summary>
    public string? NodeName { get; init; }

    /// <summary>User that the files shall belong to.</summary>
    public long? User { get; init; }

    /// <summary>Group of the volume.</summary>
    public long? FileSystemGroup { get; init; }

    /// <summary>Further groups of that user.</summary>
    public IList<long?>? SupplementalGroups { get; init; }

    /// <summary>
    /// Like the first of these Pods. Several may disagree, and a volume has one place only; the Pod that came first is served first.
    /// </summary>
    /// <param name="claim">The claim to be filled.</param>
    /// <param name="users">Specifications of the Pods that use it, oldest first.</param>
    public static LoaderPlacement Of(DatasetClaim claim, IReadOnlyList<DatasetPodSpec> users)
    {
        var isShared = claim.Spec.AccessModes?.Contains("ReadWriteMany") == true;
        var node = isShared ? null : users.Select(user => user.NodeName).FirstOrDefault(name => !string.IsNullOrEmpty(name));
        if (users.Count == 0)
            return Anywhere;
        var first = users[0];
        return new LoaderPlacement
        {
            NodeSelector = first.NodeSelector,
            NodeAffinity = first.Affinity?.NodeAffinity,
            Tolerations = first.Tolerations,
            NodeName = node,
            User = first.SecurityContext?.RunAsUser is > 0 and var user ? user : null,
            FileSystemGroup = first.SecurityContext?.FsGroup,
            SupplementalGroups = first.SecurityContext?.SupplementalGroups,
        };
    }

    /// <summary>The rules about nodes, that of <see cref="NodeName"/> among them.</summary>
    public V1Affinity? ToAffinity()
    {
        if (NodeName is null)
            return NodeAffinity is null ? null : new V1Affinity { NodeAffinity = NodeAffinity };

        // The only field a term may match. It replaces the other required terms: the node was chosen under them.
        var onThatNode = new V1NodeSelectorRequirement { Key = "metadata.name", OperatorProperty = "In", Values = [NodeName] };
        return new V1Affinity
        {
            NodeAffinity = new V1NodeAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector { NodeSelectorTerms = [new V1NodeSelectorTerm { MatchFields = [onThatNode] }] },
            },
        };
    }
}
