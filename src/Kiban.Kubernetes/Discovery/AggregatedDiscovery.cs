using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Discovery;

/// <summary>
/// Reads an <c>APIGroupDiscoveryList</c> (<c>apidiscovery.k8s.io/v2</c>, since 1.30, and <c>v2beta1</c>, since 1.27), which tells everything
/// in two answers (<see href="https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery"/>).
/// </summary>
internal static class AggregatedDiscovery
{
    /// <summary>Asks for it, and for the older form where it is not served.</summary>
    public const string Accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    public static bool IsAnswer(JsonNode? answer) => (string?)answer?["kind"] == "APIGroupDiscoveryList";

    public static IEnumerable<ApiGroup> Parse(JsonNode answer) => Objects(answer["items"]).Select(Group);

    private static ApiGroup Group(JsonNode group)
    {
        var name = (string?)group["metadata"]?["name"] ?? "";
        var versions = Objects(group["versions"]).ToLookup(version => (string?)version["freshness"] != "Stale");
        return new ApiGroup(
            name,
            [.. versions[true].Select(VersionOf)],
            [.. versions[true].SelectMany(version => Objects(version["resources"]).Select(resource => Resource(name, VersionOf(version), resource)))],
            [.. versions[false].Select(VersionOf)]);
    }

    private static ApiResource Resource(string group, string version, JsonNode resource) => new()
    {
        Kind = new ResourceKind(group, version, (string?)resource["responseKind"]?["kind"] ?? "", (string?)resource["resource"] ?? ""),
        IsNamespaced = (string?)resource["scope"] == "Namespaced",
        Verbs = Strings(resource["verbs"]),
        Subresources = [.. Objects(resource["subresources"]).Select(sub => (string?)sub["subresource"] ?? "")],
    };

    private static string VersionOf(JsonNode version) => (string?)version["version"] ?? "";

    private static IEnumerable<JsonObject> Objects(JsonNode? array) => (array as JsonArray ?? []).OfType<JsonObject>();

    private static string[] Strings(JsonNode? array) => [.. (array as JsonArray ?? []).Select(item => (string?)item ?? "")];
}
