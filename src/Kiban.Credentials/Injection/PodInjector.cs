using System.Text.Json.Nodes;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Injection;

/// <summary>
/// Adds credentials to the raw JSON of a Pod. It only ever adds: what the author wrote stays, and is warned about where it stands in the way.
/// Running it again changes nothing, so later webhooks may add containers and have this one called once more.
/// </summary>
internal static class PodInjector
{
    /// <summary>Injects into the containers of a new Pod.</summary>
    /// <returns>Warnings to its author.</returns>
    public static IReadOnlyList<string> Inject(JsonObject pod, IReadOnlyCollection<CredentialInjection> injections, ContainerSelection selection)
    {
        var warnings = new List<string>();
        // All volumes first: which of them are read-only decides what can be mounted below another.
        foreach (var injection in injections)
        {
            AddAnnotations(pod, injection, warnings);
            foreach (var volume in injection.Volumes)
                AddVolume(pod, injection, volume, warnings);
        }
        foreach (var injection in injections)
        {
            foreach (var container in PodDocument.Containers(pod))
                InjectContainer(pod, container, injection, selection, warnings);
        }
        return warnings;
    }

    /// <summary>
    /// Injects into ephemeral containers that are being added to a running Pod. Volumes cannot be added any more, so only what the
    /// Pod was given at its creation can be mounted.
    /// </summary>
    public static IReadOnlyList<string> InjectEphemeral(
        JsonObject pod, JsonObject? oldPod, IEnumerable<CredentialInjection> injections, ContainerSelection selection)
    {
        var warnings = new List<string>();
        var running = PodDocument.EphemeralContainers(oldPod).Select(PodDocument.Name).ToHashSet();
        foreach (var injection in injections)
        {
            if (!injection.Volumes.All(volume => PodDocument.Volume(pod, volume.Name) is { } present && volume.IsSameAs(present)))
                continue;
            foreach (var container in PodDocument.EphemeralContainers(pod).Where(container => !running.Contains(PodDocument.Name(container))))
                InjectContainer(pod, container, injection, selection, warnings);
        }
        return warnings;
    }

    private static void AddAnnotations(JsonObject pod, CredentialInjection injection, List<string> warnings)
    {
        foreach (var (key, value) in injection.PodAnnotations)
        {
            var present = PodDocument.Annotation(pod, key);
            if (present is null)
            {
                PodDocument.Child(PodDocument.Child(pod, "metadata"), "annotations")[key] = value;
            }
            else if (present != value)
            {
                warnings.Add($"annotation {key} is set by the Pod itself and stays.");
            }
        }
    }

    private static void AddVolume(JsonObject pod, CredentialInjection injection, InjectedVolume volume, List<string> warnings)
    {
        if (PodDocument.Volume(pod, volume.Name) is not { } present)
            PodDocument.Append((JsonObject)pod["spec"]!, "volumes", volume.ToVolume());
        else if (!volume.IsSameAs(present))
            warnings.Add($"volume \"{volume.Name}\" is the Pod's own and stays: containers see its files, not those of {injection.Source}.");
    }

    private static void InjectContainer(
        JsonObject pod, JsonObject container, CredentialInjection injection, ContainerSelection selection, List<string> warnings)
    {
        var name = PodDocument.Name(container);
        if (!selection.Includes(name) || injection.SkippedContainers.Contains(name))
            return;
        foreach (var volume in injection.Volumes)
        {
            var plan = MountPlan.For(pod, container, volume);
            if (plan.Conflict is { } conflict)
                warnings.Add($"container \"{name}\": {conflict} stays; volume \"{volume.Name}\" is not mounted at {volume.MountPath}.");
            else if (!plan.IsMounted)
                PodDocument.Append(container, "volumeMounts", volume.ToMount());
        }
        foreach (var env in injection.Env)
            AddEnv(container, name, env, warnings);
        foreach (var overriding in injection.OverridingVariables.Where(variable => Env(container, variable) is not null))
            warnings.Add($"container \"{name}\" sets {overriding} itself, which SDKs prefer to {injection.Source}.");
    }

    private static void AddEnv(JsonObject container, string name, InjectedEnv env, List<string> warnings)
    {
        var absent = env.Variables.Where(variable => Env(container, PodDocument.Name(variable)) is null).ToList();
        var own = env.Variables
            .Where(variable => Env(container, PodDocument.Name(variable)) is { } present && !JsonNode.DeepEquals(present, variable))
            .Select(PodDocument.Name)
            .ToList();
        if (own.Count > 0)
        {
            var left = absent.Count == 0 ? "" : $" ({string.Join(", ", absent.Select(PodDocument.Name))} is left out with it)";
            warnings.Add($"container \"{name}\" sets {string.Join(" and ", own)} itself, which stays{left}.");
            return;
        }
        foreach (var variable in absent)
            PodDocument.Append(container, "env", (JsonObject)variable.DeepClone());
    }

    private static JsonObject? Env(JsonObject container, string name) =>
        PodDocument.Items(container["env"]).FirstOrDefault(variable => PodDocument.Name(variable) == name);
}
