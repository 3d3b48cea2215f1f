using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Admission;

/// <summary>Names objects under review in sentences for people.</summary>
public static class ObjectName
{
    /// <summary>Namespace and name of the object under review as a person would recognise it, also where the server will generate the name.</summary>
    public static string Of(AdmissionRequest request)
    {
        var metadata = request.Object?["metadata"] as JsonObject;
        var name = PodDocument.Text(metadata?["name"]) ?? request.Name;
        if (string.IsNullOrEmpty(name))
            name = PodDocument.Text(metadata?["generateName"]) is { Length: > 0 } prefix ? $"{prefix}*" : "(no name)";
        return request.Namespace is { Length: > 0 } space ? $"{space}/{name}" : name;
    }
}
