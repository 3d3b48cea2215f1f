using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Admission;

/// <summary>The few fields of a Pod that admission handlers read and write, over the raw JSON. What is not of the expected shape counts as absent.</summary>
public static class PodDocument
{
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";

    /// <summary>A static Pod's image in the API: the kubelet runs it from a file, and nothing that is written here reaches it.</summary>
    public static bool IsMirror(JsonObject pod) => Annotation(pod, MirrorAnnotation) is not null;

    /// <summary>Whether it says that it runs on Windows.</summary>
    public static bool IsWindows(JsonObject pod)
    {
        var spec = pod["spec"];
        var selector = spec?["nodeSelector"];
        return Text(spec?["os"]?["name"]) == "windows"
            || Text(selector?["kubernetes.io/os"]) == "windows"
            || Text(selector?["beta.kubernetes.io/os"]) == "windows";
    }

    /// <summary>The ServiceAccount that the Pod runs as. The API server has set it before any webhook is asked.</summary>
    public static string ServiceAccount(JsonObject pod) => Text(pod["spec"]?["serviceAccountName"]) is { Length: > 0 } name ? name : "default";

    /// <summary>Value of an annotation, or null.</summary>
    public static string? Annotation(JsonObject pod, string key) => Text(pod["metadata"]?["annotations"]?[key]);

    /// <summary>Value of a label, or null.</summary>
    public static string? Label(JsonObject pod, string key) => Text(pod["metadata"]?["labels"]?[key]);

    /// <summary>Containers that start with the Pod: init containers, sidecars among them, and the others.</summary>
    public static IEnumerable<JsonObject> Containers(JsonObject pod) =>
        Items(pod["spec"]?["initContainers"]).Concat(Items(pod["spec"]?["containers"]));

    /// <summary>Containers that were added to the running Pod.</summary>
    public static IEnumerable<JsonObject> EphemeralContainers(JsonObject? pod) => Items(pod?["spec"]?["ephemeralContainers"]);

    /// <summary>The volume of that name, or null.</summary>
    public static JsonObject? Volume(JsonObject pod, string name) => Items(pod["spec"]?["volumes"]).FirstOrDefault(volume => Name(volume) == name);

    /// <summary>Name of a container, volume or the like; empty where it has none.</summary>
    public static string Name(JsonObject named) => Text(named["name"]) ?? "";

    /// <summary>The objects in an array.</summary>
    public static IEnumerable<JsonObject> Items(JsonNode? array) => (array as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The text, or null where it is none.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The object that is a field's value, made where there is none.</summary>
    public static JsonObject Child(JsonObject owner, string field)
    {
        if (owner[field] is not JsonObject child)
            owner[field] = child = [];
        return child;
    }

    /// <summary>Appends to an array that may not be there yet.</summary>
    public static void Append(JsonObject owner, string array, JsonObject item)
    {
        if (owner[array] is not JsonArray items)
            owner[array] = items = [];
        items.Add(item);
    }
}
