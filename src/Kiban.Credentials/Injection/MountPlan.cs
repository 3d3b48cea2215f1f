using System.Text.Json.Nodes;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Injection;

/// <summary>Whether a volume can be mounted in a container beside what its author mounts there.</summary>
internal sealed record MountPlan
{
    private static readonly string[] ReadOnlySources = ["secret", "configMap", "downwardAPI", "projected", "image"];

    private MountPlan()
    {
    }

    /// <summary>The volume is mounted where it should be.</summary>
    public bool IsMounted { get; private init; }

    /// <summary>What stands in the way, for a warning; null where nothing does.</summary>
    public string? Conflict { get; private init; }

    public static MountPlan For(JsonObject pod, JsonObject container, InjectedVolume volume)
    {
        foreach (var mount in PodDocument.Items(container["volumeMounts"]))
        {
            var path = PodDocument.Text(mount["mountPath"])?.TrimEnd('/') ?? "";
            var owner = PodDocument.Text(mount["name"]) ?? "";
            if (path == volume.MountPath)
                return owner == volume.Name ? new MountPlan { IsMounted = true } : InTheWay(path, owner);
            if (path.StartsWith($"{volume.MountPath}/", StringComparison.Ordinal))
                return InTheWay(path, owner);
            // The runtime makes the mount point inside what is mounted above; where it cannot, the container would never start.
            if (volume.MountPath.StartsWith($"{path}/", StringComparison.Ordinal) && IsReadOnly(pod, mount, owner))
                return InTheWay(path, owner);
        }
        return new MountPlan();
    }

    private static MountPlan InTheWay(string path, string owner) => new() { Conflict = $"the Pod's own volume \"{owner}\" at {path}" };

    private static bool IsReadOnly(JsonObject pod, JsonObject mount, string owner) =>
        (mount["readOnly"] is JsonValue value && value.TryGetValue<bool>(out var isReadOnly) && isReadOnly)
        || (PodDocument.Volume(pod, owner) is { } volume && ReadOnlySources.Any(volume.ContainsKey));
}
