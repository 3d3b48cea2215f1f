using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kiban.Manager.Tests.Deployment;

/// <summary>One thing that a role allows, or that somebody did.</summary>
/// <param name="Group">API group; empty for the core.</param>
/// <param name="Resource">Plural, with subresource.</param>
/// <param name="Verb">Verb of the API.</param>
/// <param name="Name">Name of the object; null where the role allows any.</param>
internal sealed record AccessRule(string Group, string Resource, string Verb, string? Name)
{
    /// <summary>Everything that the roles among the manifests allow, one by one.</summary>
    public static IEnumerable<AccessRule> HeldBy(IEnumerable<JsonObject> manifests) =>
        from role in manifests
        where (string?)role["kind"] is "Role" or "ClusterRole"
        from rule in role["rules"]!.AsArray()
        from @group in Texts(rule!["apiGroups"])
        from resource in Texts(rule["resources"])
        from verb in Texts(rule["verbs"])
        from name in rule["resourceNames"] is { } names ? Texts(names) : [null!]
        select new AccessRule(@group, resource, verb, name);

    /// <summary>
    /// What the API server's audit log says that a user did, with the code of the answer, and whether it was for want of a right: a namespace that is
    /// being deleted, a quota or a webhook answers 403 as well.
    /// </summary>
    public static IReadOnlyList<(AccessRule Request, int Code, bool IsForbidden)> RequestsOf(string user, string auditLog)
    {
        using var reader = new StreamReader(new FileStream(auditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var requests = new List<(AccessRule, int, bool)>();
        while (reader.ReadLine() is { } line)
        {
            // The last line may be half written.
            if (!line.EndsWith('}') || !line.Contains(user, StringComparison.Ordinal))
                continue;
            var entry = JsonDocument.Parse(line).RootElement;
            if (entry.GetProperty("user").GetProperty("username").GetString() != user || !entry.TryGetProperty("objectRef", out var target))
                continue;
            var resource = Text(target, "resource") + (target.TryGetProperty("subresource", out var sub) ? "/" + sub.GetString() : "");
            var code = entry.TryGetProperty("responseStatus", out var status) ? status.GetProperty("code").GetInt32() : 0;
            var isForbidden = entry.TryGetProperty("annotations", out var annotations) && Text(annotations, "authorization.k8s.io/decision") == "forbid";
            requests.Add((
                new AccessRule(Text(target, "apiGroup"), resource, entry.GetProperty("verb").GetString()!, target.TryGetProperty("name", out var name) ? name.GetString() : null),
                code, isForbidden));
        }

        return requests;
    }

    /// <summary>Whether what was done is what this allows.</summary>
    public bool IsUsedBy(AccessRule request) =>
        request.Group == Group && request.Resource == Resource && request.Verb == Verb && (Name is null || Name == request.Name);

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => (string)item!);

    private static string Text(JsonElement element, string property) => element.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";
}
