using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Client;

/// <summary>A patch and its media type.</summary>
/// <param name="ContentType">One of the media types the API server takes.</param>
/// <param name="Body">The patch document.</param>
public sealed record ObjectPatch(string ContentType, JsonNode Body)
{
    /// <summary>Media type of server-side apply. JSON is YAML, so JSON is what is sent.</summary>
    public const string ApplyContentType = "application/apply-patch+yaml";

    /// <summary>RFC 7386: sets what is named, removes what is null.</summary>
    public static ObjectPatch Merge(JsonObject body) => new("application/merge-patch+json", body);

    /// <summary>RFC 6902: a list of operations.</summary>
    public static ObjectPatch Json(JsonArray operations) => new("application/json-patch+json", operations);

    /// <summary>Kubernetes' strategic merge patch (built-in kinds only).</summary>
    public static ObjectPatch Strategic(JsonObject body) => new("application/strategic-merge-patch+json", body);
}
