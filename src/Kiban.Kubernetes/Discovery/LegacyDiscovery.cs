using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Discovery;

/// <summary>
/// Reads discovery as every server has it: <c>APIVersions</c> at <c>/api</c>, <c>APIGroupList</c> at <c>/apis</c>, and an
/// <c>APIResourceList</c> for each version of each group.
/// </summary>
internal static class LegacyDiscovery
{
    /// <summary>Every group with its versions, the preferred one first.</summary>
    public static IEnumerable<(string Group, IReadOnlyList<string> Versions)> Groups(JsonNode? core, JsonNode? groups)
    {
        var coreVersions = Items(core, "versions").Select(version => (string?)version ?? "").ToList();
        if (coreVersions.Count > 0)
        {
            yield return ("", coreVersions);
        }

        foreach (var group in Items(groups, "groups").OfType<JsonObject>())
        {
            var preferred = (string?)group["preferredVersion"]?["version"];
            var versions = Items(group, "versions").Select(version => (string?)version?["version"] ?? "");
            yield return ((string?)group["name"] ?? "", [.. versions.OrderBy(version => version != preferred)]);
        }
    }

    /// <summary>The kinds of one version.</summary>
    public static IEnumerable<ApiResource> Resources(string group, string version, JsonNode? answer)
    {
        var resources = Items(answer, "resources").OfType<JsonObject>().Select(resource => (Name: (string?)resource["name"] ?? "", Json: resource)).ToList();
        var subresources = resources.Where(resource => resource.Name.Contains('/', StringComparison.Ordinal))
            .Select(resource => resource.Name.Split('/', 2))
            .ToLookup(parts => parts[0], parts => parts[1]);

        return resources.Where(resource => !resource.Name.Contains('/', StringComparison.Ordinal)).Select(resource => new ApiResource
        {
            Kind = new ResourceKind(group, version, (string?)resource.Json["kind"] ?? "", resource.Name),
            IsNamespaced = (bool?)resource.Json["namespaced"] == true,
            Verbs = [.. Items(resource.Json, "verbs").Select(verb => (string?)verb ?? "")],
            Subresources = [.. subresources[resource.Name]],
        });
    }

    private static JsonArray Items(JsonNode? node, string field) => node?[field] as JsonArray ?? [];
}
