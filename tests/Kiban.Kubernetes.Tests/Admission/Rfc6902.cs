using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>An implementation of RFC 6902 that is not ours, to apply our patches with.</summary>
internal static class Rfc6902
{
    public static JsonNode? Apply(JsonNode? target, JsonArray patch)
    {
        var root = new JsonObject { ["root"] = target };
        foreach (var operation in patch)
            operation!["path"] = "/root" + (string?)operation["path"];
        var document = JsonSerializer.Deserialize<JsonPatchDocument>(patch.ToJsonString())!;
        document.ApplyTo(root);
        var result = root["root"];
        root.Remove("root");
        return result;
    }
}
