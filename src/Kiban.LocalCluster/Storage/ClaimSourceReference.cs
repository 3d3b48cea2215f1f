using k8s.Models;
using Kiban.LocalCluster.Snapshots.Api;

namespace Kiban.LocalCluster.Storage;

/// <summary>
/// What a claim wants to be filled from: <c>spec.dataSourceRef</c> where the server knows it (1.22), else <c>spec.dataSource</c>; newer
/// servers keep both alike.
/// </summary>
/// <param name="Group">API group, empty for the core one.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Name">Name.</param>
/// <param name="Namespace">Namespace, where it is not the claim's own.</param>
internal sealed record ClaimSourceReference(string Group, string Kind, string Name, string? Namespace)
{
    /// <summary>The reference of a claim, or null for one that begins empty.</summary>
    public static ClaimSourceReference? Of(V1PersistentVolumeClaim claim) => claim.Spec switch
    {
        { DataSourceRef: { } reference } => new(reference.ApiGroup ?? "", reference.Kind, reference.Name, Other(reference.NamespaceProperty, claim)),
        { DataSource: { } reference } => new(reference.ApiGroup ?? "", reference.Kind, reference.Name, null),
        _ => null,
    };

    /// <summary>True for any VolumeSnapshot.</summary>
    public bool IsOfSnapshots => Group == SnapshotApi.Group && Kind == "VolumeSnapshot";

    /// <summary>True for any claim.</summary>
    public bool IsOfClaims => Group.Length == 0 && Kind == V1PersistentVolumeClaim.KubeKind;

    /// <summary>True for the VolumeSnapshot of this name.</summary>
    public bool IsSnapshot(string name) => IsOfSnapshots && Name == name;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Name} of spec.dataSource";

    private static string? Other(string? @namespace, V1PersistentVolumeClaim claim) =>
        string.IsNullOrEmpty(@namespace) || @namespace == claim.Metadata.NamespaceProperty ? null : @namespace;
}
