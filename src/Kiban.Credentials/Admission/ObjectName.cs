using System.Text.Json.Nodes;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Admission;

internal static class ObjectName
{
    /// <summary>Namespace and name of the object under review as a person would recognise it, also where the server will generate the name.</summary>
    public static string Of(AdmissionRequest request)
    {
        var metadata = request.Object?["metadata"] as JsonObject;
        var name = Text(metadata?["name"]) ?? request.Name;
        if (string.IsNullOrEmpty(name))
            name = Text(metadata?["generateName"]) is { Length: > 0 } prefix ? $"{prefix}*" : "(no name)";
        return request.Namespace is { Length: > 0 } space ? $"{space}/{name}" : name;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
