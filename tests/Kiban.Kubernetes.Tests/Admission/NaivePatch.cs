using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>RFC 6902 by the letter, as short as it can be.</summary>
internal static class NaivePatch
{
    public static JsonNode? Apply(JsonNode? target, JsonArray patch)
    {
        foreach (var operation in patch.OfType<JsonObject>())
            target = Apply(target, (string)operation["op"]!, (string)operation["path"]!, operation["value"]?.DeepClone());
        return target;
    }

    private static JsonNode? Apply(JsonNode? root, string op, string path, JsonNode? value)
    {
        if (path.Length == 0)
            return op == "replace" ? value : throw new InvalidOperationException($"{op} of the root");
        var segments = path.Split('/').Skip(1).Select(segment => segment.Replace("~1", "/").Replace("~0", "~")).ToArray();
        var parent = segments[..^1].Aggregate(root, (node, segment) => node is JsonArray array ? array[int.Parse(segment)] : node![segment]);
        var last = segments[^1];
        switch (parent, op)
        {
            case (JsonObject o, "add"):
                o[last] = value;
                break;
            case (JsonObject o, "replace"):
                o.ContainsKey(last).ShouldBeTrue(path);
                o[last] = value;
                break;
            case (JsonObject o, "remove"):
                o.Remove(last).ShouldBeTrue(path);
                break;
            case (JsonArray a, "add"):
                a.Insert(last == "-" ? a.Count : int.Parse(last), value);
                break;
            case (JsonArray a, "replace"):
                a[int.Parse(last)] = value;
                break;
            case (JsonArray a, "remove"):
                a.RemoveAt(int.Parse(last));
                break;
            default:
                throw new InvalidOperationException($"{op} {path}");
        }

        return root;
    }
}
