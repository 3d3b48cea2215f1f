using System.Text.Json.Nodes;
using CsCheck;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>What injectors do to Pods; all of it adds.</summary>
internal static class Mutations
{
    public static readonly Gen<Action<JsonObject>> All = Gen.OneOf(
        Gen.Bool.Select(first => (Action<JsonObject>)(pod => EachContainer(pod, container => Insert(container, "env", first, new JsonObject { ["name"] = "ADDED", ["value"] = "é/~\"" })))),
        Gen.Bool.Select(first => (Action<JsonObject>)(pod => EachContainer(pod, container => Insert(container, "volumeMounts", first, new JsonObject { ["name"] = "added", ["mountPath"] = "/added" })))),
        Gen.Bool.Select(first => (Action<JsonObject>)(pod => Insert(pod["spec"]!.AsObject(), "volumes", first, new JsonObject { ["name"] = "added", ["secret"] = new JsonObject { ["secretName"] = "s" } }))),
        Gen.Bool.Select(first => (Action<JsonObject>)(pod => Insert(pod["spec"]!.AsObject(), "initContainers", first, new JsonObject { ["name"] = "added", ["restartPolicy"] = "Always" }))),
        Gen.OneOf("a/b", "~", "added").Select(key => (Action<JsonObject>)(pod =>
        {
            var metadata = pod["metadata"]!.AsObject();
            if (metadata["annotations"] is not JsonObject)
                metadata["annotations"] = new JsonObject();
            metadata["annotations"]!.AsObject().TryAdd("kiban.dev/" + key, "x");
        })));

    private static void EachContainer(JsonObject pod, Action<JsonObject> change)
    {
        foreach (var list in new[] { "initContainers", "containers", "ephemeralContainers" })
        {
            foreach (var container in (pod["spec"]![list] as JsonArray ?? []).OfType<JsonObject>())
                change(container);
        }
    }

    private static void Insert(JsonObject parent, string list, bool first, JsonObject item)
    {
        if (parent[list] is not JsonArray array)
            parent[list] = array = [];
        array.Insert(first ? 0 : array.Count, item);
    }
}
