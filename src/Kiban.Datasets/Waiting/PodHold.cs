using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;
using Kiban.Datasets.Queueing;
using Kiban.Kubernetes.Admission;

namespace Kiban.Datasets.Waiting;

/// <summary>
/// Holds new Pods until their data is there, in their raw JSON. Only what is this part's own is ever changed, and doing it again changes nothing,
/// so other webhooks may change the Pod and have this one called once more.
/// </summary>
internal static class PodHold
{
    /// <summary>How the Pod is to be held.</summary>
    /// <param name="pod">The Pod.</param>
    /// <param name="claims">What it uses.</param>
    /// <param name="hasSchedulingGates">Whether the server keeps scheduling gates; matters only where a claim is not ready.</param>
    public static WaitMethod MethodFor(JsonObject pod, IReadOnlyCollection<ConsumedClaim> claims, bool hasSchedulingGates)
    {
        // A copy of a Pod brings along what the original was held by.
        if (Container(pod) is not null)
            return WaitMethod.InitContainer;
        var waiting = claims.Where(claim => !claim.IsReady).ToList();
        if (waiting.Count == 0)
            return Gate(pod) is null ? WaitMethod.None : WaitMethod.Gate;
        // The server takes no gate on a Pod that has a node. One claim that is waited for before scheduling is reason enough to wait there for all.
        return !hasSchedulingGates || HasNode(pod) || waiting.All(claim => claim.Wait == WaitMode.Start) ? WaitMethod.InitContainer : WaitMethod.Gate;
    }

    /// <summary>Why the Pod cannot be held that way, one sentence without its subject; null where it can.</summary>
    public static string? Refusal(JsonObject pod, WaitMethod method)
    {
        if (method != WaitMethod.InitContainer)
            return null;
        if (PodDocument.IsWindows(pod))
        {
            return "uses a claim whose data is not loaded, but runs on Windows, where Kiban's init container cannot wait for it; "
                + $"write {DatasetsApi.Annotations.Wait}: never on the claim, or create the Pod when the data is there";
        }
        return PodDocument.Volume(pod, WaitContainer.VolumeName) is { } volume && !WaitContainer.IsItsVolume(volume)
            ? $"has a volume \"{WaitContainer.VolumeName}\" of its own, a name that the init container \"{DatasetsApi.WaitContainer}\" needs; another name is wanted"
            : null;
    }

    /// <summary>Holds it, and has it followed.</summary>
    public static void Apply(JsonObject pod, WaitMethod method, IReadOnlyCollection<ConsumedClaim> claims, LoaderOptions options)
    {
        switch (method)
        {
            case WaitMethod.Gate:
                if (Gate(pod) is null)
                    PodDocument.Append(Spec(pod), "schedulingGates", new JsonObject { ["name"] = DatasetsApi.SchedulingGate });
                KeepOutOfQueue(pod, claims);
                break;
            case WaitMethod.InitContainer:
                Gate(pod)?.Parent!.AsArray().Remove(Gate(pod));
                AddContainer(pod, claims, options);
                break;
        }
        Label(pod, method != WaitMethod.None);
    }

    // Kueue would let a gated Pod have its quota, which is then held for nothing. A claim that is made for the Pod waits for nothing of Kueue's.
    private static void KeepOutOfQueue(JsonObject pod, IReadOnlyCollection<ConsumedClaim> claims)
    {
        if (string.IsNullOrEmpty(PodDocument.Label(pod, DatasetsApi.KueueQueueLabel)) || !QueueHold.IsNeeded(claims))
            return;
        PodDocument.Child(PodDocument.Child(pod, "metadata"), "annotations")[DatasetsApi.KueueGatedByAnnotation] =
            GatedByAnnotation.With(PodDocument.Annotation(pod, DatasetsApi.KueueGatedByAnnotation));
    }

    private static void AddContainer(JsonObject pod, IReadOnlyCollection<ConsumedClaim> claims, LoaderOptions options)
    {
        List<string> names = [.. claims.Where(claim => claim.Concerns).Select(claim => claim.Name).Order(StringComparer.Ordinal)];
        // What an annotation says that came with the Pod, nobody has seen to.
        (pod["metadata"]?["annotations"] as JsonObject)?.Remove(DatasetsApi.Records.LoadedClaims);
        if (PodDocument.Volume(pod, WaitContainer.VolumeName) is null)
            PodDocument.Append(Spec(pod), "volumes", WaitContainer.Volume());

        // First of all, because the others may use the data.
        var container = Container(pod);
        if (container is null)
            container = WaitContainer.Of(pod, names, options);
        else if (names.Count > 0)
            container["args"] = WaitContainer.Arguments(names);
        if (Spec(pod)["initContainers"] is not JsonArray containers)
            Spec(pod)["initContainers"] = containers = [];
        if (containers.Count > 0 && ReferenceEquals(containers[0], container))
            return;
        containers.Remove(container);
        containers.Insert(0, container);
    }

    private static void Label(JsonObject pod, bool isFollowed)
    {
        if (isFollowed)
            PodDocument.Child(PodDocument.Child(pod, "metadata"), "labels")[DatasetsApi.RoleLabel] = DatasetsApi.ConsumerRole;
        else if (PodDocument.Label(pod, DatasetsApi.RoleLabel) == DatasetsApi.ConsumerRole)
            ((JsonObject)pod["metadata"]!["labels"]!).Remove(DatasetsApi.RoleLabel);
    }

    private static bool HasNode(JsonObject pod) => !string.IsNullOrEmpty(PodDocument.Text(pod["spec"]?["nodeName"]));

    private static JsonObject Spec(JsonObject pod) => (JsonObject)pod["spec"]!;

    private static JsonObject? Gate(JsonObject pod) =>
        PodDocument.Items(pod["spec"]?["schedulingGates"]).FirstOrDefault(gate => PodDocument.Name(gate) == DatasetsApi.SchedulingGate);

    private static JsonObject? Container(JsonObject pod) =>
        PodDocument.Items(pod["spec"]?["initContainers"]).FirstOrDefault(container => PodDocument.Name(container) == DatasetsApi.WaitContainer);
}
