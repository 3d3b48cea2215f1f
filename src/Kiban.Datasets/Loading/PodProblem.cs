using Kiban.Datasets.Api;

namespace Kiban.Datasets.Loading;

/// <summary>Why a loader's Pod does not run yet, in the words of whoever knows.</summary>
internal static class PodProblem
{
    /// <summary>What the Pod waits for.</summary>
    public static string Of(DatasetPod pod)
    {
        if (pod.Status.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False" }) is { } unscheduled)
            return $"the loader's Pod {pod.Metadata.Name} has no node: {Told(unscheduled.Message, unscheduled.Reason)}";
        if (pod.Status.ContainerStatuses?.FirstOrDefault()?.State?.Waiting is { } waiting && waiting.Reason is not ("ContainerCreating" or "PodInitializing"))
            return $"the loader's Pod {pod.Metadata.Name} cannot start: {Told(waiting.Message, waiting.Reason)}";
        return string.IsNullOrEmpty(pod.Spec.NodeName)
            ? $"the loader's Pod {pod.Metadata.Name} waits for a node"
            : $"the loader's Pod {pod.Metadata.Name} starts on node {pod.Spec.NodeName}";
    }

    private static string Told(string? message, string? reason) => string.IsNullOrEmpty(message) ? reason ?? "no reason is given" : message;
}
