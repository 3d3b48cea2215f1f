using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.LocalCluster.Snapshots.Api;

namespace Kiban.LocalCluster.Agent;

/// <summary>Who the cluster's agent is towards the API server, and what it may do there: what its tasks do and nothing else.</summary>
internal static class AgentAccess
{
    /// <summary>User of the agent's certificate.</summary>
    public const string User = "kiban:local-agent";

    private const string RoleName = "kiban:local-agent";
    private const string FieldManager = "kiban-local-cluster";

    private static readonly string[] Read = ["get", "list", "watch"];

    /// <summary>Everything it may do, in all namespaces.</summary>
    public static IReadOnlyList<V1PolicyRule> Rules { get; } =
    [
        // DNS: all names, and the Service by which Pods reach it (create and patch are server-side apply).
        Rule("", ["services", "endpoints"], [.. Read, "create", "patch"]),
        // Volumes.
        Rule("", ["persistentvolumeclaims"], [.. Read, "patch"]),
        Rule("", ["persistentvolumes"], [.. Read, "create", "patch", "delete"]),
        Rule("storage.k8s.io", ["storageclasses"], [.. Read, "create", "patch"]),
        // Snapshots.
        Rule("apiextensions.k8s.io", ["customresourcedefinitions"], ["get", "create", "patch"]),
        Rule(SnapshotApi.Group, ["volumesnapshotclasses"], [.. Read, "create", "patch"]),
        Rule(SnapshotApi.Group, ["volumesnapshots"], [.. Read, "patch"]),
        Rule(SnapshotApi.Group, ["volumesnapshotcontents"], [.. Read, "create", "patch", "delete"]),
        Rule(SnapshotApi.Group, ["volumesnapshots/status", "volumesnapshotcontents/status"], ["patch"]),
        // What people are told.
        Rule("", ["events"], ["create", "patch"]),
        Rule("events.k8s.io", ["events"], ["create", "patch"]),
    ];

    /// <summary>Makes role and binding what they are to be, as the administrator.</summary>
    public static async Task GrantAsync(string kubeconfigPath, CancellationToken cancellationToken)
    {
        using var client = new KubernetesClient(KubernetesConnection.FromKubeconfig(kubeconfigPath));
        var role = new V1ClusterRole
        {
            ApiVersion = $"{V1ClusterRole.KubeGroup}/{V1ClusterRole.KubeApiVersion}",
            Kind = V1ClusterRole.KubeKind,
            Metadata = Metadata(),
            Rules = [.. Rules],
        };
        var binding = new V1ClusterRoleBinding
        {
            ApiVersion = role.ApiVersion,
            Kind = V1ClusterRoleBinding.KubeKind,
            Metadata = Metadata(),
            RoleRef = new V1RoleRef { ApiGroup = V1ClusterRole.KubeGroup, Kind = V1ClusterRole.KubeKind, Name = RoleName },
            Subjects = [new Rbacv1Subject { ApiGroup = V1ClusterRole.KubeGroup, Kind = "User", Name = User }],
        };
        await client.ApplyAsync(role, FieldManager, cancellationToken);
        await client.ApplyAsync(binding, FieldManager, cancellationToken);
    }

    private static V1ObjectMeta Metadata() =>
        new() { Name = RoleName, Labels = new Dictionary<string, string> { ["app.kubernetes.io/managed-by"] = "kiban" } };

    private static V1PolicyRule Rule(string group, string[] resources, string[] verbs) =>
        new() { ApiGroups = [group], Resources = resources, Verbs = verbs };
}
