using System.Text.Json.Nodes;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Injection;

/// <summary>Whether a Pod, as it is about to be stored, has what it asked for.</summary>
internal static class InjectionCheck
{
    /// <summary>What is missing, in words; empty where nothing is. Where the author's own mount stands in the way, that counts as there.</summary>
    public static IReadOnlyList<string> Missing(JsonObject pod, IEnumerable<CredentialInjection> injections, ContainerSelection selection)
    {
        var missing = new List<string>();
        foreach (var injection in injections)
        {
            foreach (var volume in injection.Volumes.Where(volume => PodDocument.Volume(pod, volume.Name) is null))
                missing.Add($"volume \"{volume.Name}\"");
            foreach (var container in PodDocument.Containers(pod))
            {
                var name = PodDocument.Name(container);
                if (selection.Includes(name) && !injection.SkippedContainers.Contains(name))
                    AddMissing(pod, container, name, injection, missing);
            }
        }
        return missing;
    }

    /// <summary>Names in the Pod's restriction that no container has.</summary>
    public static IReadOnlyList<string> UnknownContainers(JsonObject pod, ContainerSelection selection) =>
        [.. (selection.Names ?? []).Except(PodDocument.Containers(pod).Select(PodDocument.Name))];

    private static void AddMissing(JsonObject pod, JsonObject container, string name, CredentialInjection injection, List<string> missing)
    {
        foreach (var volume in injection.Volumes)
        {
            if (MountPlan.For(pod, container, volume) is { IsMounted: false, Conflict: null })
                missing.Add($"the mount {volume.MountPath} in container \"{name}\"");
        }
        foreach (var variable in injection.Env.Where(env => env.IsRequired).SelectMany(env => env.Variables).Select(PodDocument.Name))
        {
            if (!PodDocument.Items(container["env"]).Any(present => PodDocument.Name(present) == variable))
                missing.Add($"env {variable} in container \"{name}\"");
        }
    }
}
