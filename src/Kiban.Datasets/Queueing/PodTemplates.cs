using System.Text.Json.Nodes;

namespace Kiban.Datasets.Queueing;

/// <summary>Finds the Pods that a workload of whatever kind will have.</summary>
internal static class PodTemplates
{
    /// <summary>Everything in the JSON that is a Pod's specification: an object with containers.</summary>
    public static IEnumerable<JsonObject> In(JsonNode? node) => node switch
    {
        JsonObject { } spec when spec["containers"] is JsonArray => [spec],
        JsonObject parent => parent.SelectMany(field => In(field.Value)),
        JsonArray items => items.SelectMany(In),
        _ => [],
    };
}
