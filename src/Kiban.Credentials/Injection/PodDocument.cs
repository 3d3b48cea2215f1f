using System.Text.Json.Nodes;

namespace Kiban.Credentials.Injection;

/// <summary>The few fields of a Pod that this part reads, over the raw JSON.</summary>
internal static class PodDocument
{
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";

    /// <summary>A static Pod's image in the API: the kubelet runs it from a file, and nothing that is written here reaches it.</summary>
    public static bool IsMirror(JsonObject pod) => Annotation(pod, MirrorAnnotation) is not null;

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

    public static string? Annotation(JsonObject pod, string key) => Text(pod["metadata"]?["annotations"]?[key]);

    public static string? Label(JsonObject pod, string key) => Text(pod["metadata"]?["labels"]?[key]);

    /// <summary>Containers that start with the Pod: init containers, sidecars among them, and the others.</summary>
    public static IEnumerable<JsonObject> Containers(JsonObject pod) =>
        Items(pod["spec"]?["initContainers"]).Concat(Items(pod["spec"]?["containers"]));

    public static IEnumerable<JsonObject> EphemeralContainers(JsonObject? pod) => Items(pod?["spec"]?["ephemeralContainers"]);

    public static JsonObject? Volume(JsonObject pod, string name) => Items(pod["spec"]?["volumes"]).FirstOrDefault(volume => Name(volume) == name);

    public static string Name(JsonObject named) => Text(named["name"]) ?? "";

    public static IEnumerable<JsonObject> Items(JsonNode? array) => (array as JsonArray ?? []).OfType<JsonObject>();

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Appends to an array that may not be there yet.</summary>
    public static void Append(JsonObject owner, string array, JsonObject item)
    {
        if (owner[array] is not JsonArray items)
            owner[array] = items = [];
        items.Add(item);
    }
}
