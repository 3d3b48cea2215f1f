using System.Text;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Certificates;

namespace Kiban.Kubernetes.Admission.Registration;

/// <summary>The rule of registration: from the handlers to the <c>webhooks</c> of a configuration, and whether what is there differs from that.</summary>
internal sealed class WebhookRegistration
{
    /// <summary>Longest time an API server may be made to wait.</summary>
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromSeconds(5);

    private readonly AdmissionOptions _options;
    private readonly IReadOnlyList<AdmissionWebhook> _webhooks;

    /// <exception cref="InvalidOperationException">A registration is contradictory or dangerous; the message names all that are.</exception>
    public WebhookRegistration(AdmissionOptions options, IEnumerable<AdmissionWebhook> webhooks)
    {
        _options = options;
        _webhooks = [.. webhooks];
        var problems = _webhooks.SelectMany(Problems).Concat(DuplicateNames()).ToList();
        if (problems.Count > 0)
            throw new InvalidOperationException(string.Join(" ", problems));
    }

    /// <summary>Whether any registration depends on what the server can do.</summary>
    public bool DependsOnMatchConditions =>
        _webhooks.SelectMany(webhook => webhook.Entries).Any(entry => entry.NeedsMatchConditions is not null || entry.MatchConditions.Count > 0);

    /// <summary>The wanted <c>webhooks</c> of the mutating or of the validating configuration.</summary>
    public JsonArray Desired(bool mutating, TrustBundle trust, bool matchConditions)
    {
        var caBundle = Convert.ToBase64String(Encoding.ASCII.GetBytes(trust.ToPem()));
        var result = new JsonArray();
        foreach (var webhook in _webhooks.Where(webhook => webhook.Mutating == mutating))
        {
            foreach (var entry in webhook.Entries.Where(entry => entry.NeedsMatchConditions is not { } needed || needed == matchConditions))
                result.Add(Entry(webhook, entry, caBundle, matchConditions));
        }

        return result;
    }

    /// <summary>
    /// Whether <paramref name="observed"/> has to be written. Fields that a newer server has added by itself do not count; webhooks and
    /// conditions that are not ours do, for the configuration belongs to this program alone.
    /// </summary>
    public static bool Differs(JsonArray desired, JsonArray? observed)
    {
        if (desired.Count != (observed?.Count ?? 0))
            return true;
        foreach (var wanted in desired.OfType<JsonObject>())
        {
            var name = (string?)wanted["name"];
            if (observed!.OfType<JsonObject>().FirstOrDefault(found => (string?)found["name"] == name) is not { } found)
                return true;
            if (wanted.Any(field => !JsonNode.DeepEquals(field.Value, found[field.Key])))
                return true;
            if (!wanted.ContainsKey("matchConditions") && found["matchConditions"] is JsonArray { Count: > 0 })
                return true;
        }

        return false;
    }

    /// <summary>The bundles that are registered in a configuration.</summary>
    public static IEnumerable<TrustBundle> Bundles(JsonArray? webhooks) =>
        (webhooks ?? []).OfType<JsonObject>().Select(webhook =>
        {
            try
            {
                return TrustBundle.Parse(Convert.FromBase64String((string?)webhook["clientConfig"]?["caBundle"] ?? ""));
            }
            catch (Exception unreadable) when (unreadable is FormatException or InvalidOperationException)
            {
                return new TrustBundle([]);
            }
        });

    private JsonObject Entry(AdmissionWebhook webhook, AdmissionWebhookEntry entry, string caBundle, bool matchConditions)
    {
        // Everything that the server would fill in is said, so that a comparison needs no knowledge of its defaults.
        var result = new JsonObject
        {
            ["name"] = entry.Name,
            ["clientConfig"] = ClientConfig(webhook.Path, caBundle),
            ["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = Texts([entry.Group]),
                ["apiVersions"] = Texts(entry.Versions),
                ["operations"] = Texts(entry.Operations.Select(operation => operation.ToString().ToUpperInvariant())),
                ["resources"] = Texts(entry.Resources),
                ["scope"] = entry.Scope,
            }),
            ["failurePolicy"] = entry.FailClosed ? "Fail" : "Ignore",
            ["matchPolicy"] = "Equivalent",
            ["namespaceSelector"] = Selector(
            [
                // The server labels every namespace so since 1.21; on 1.20 the leader does it for these (see SystemNamespaceLabels).
                new LabelRequirement(SystemNamespaceLabels.NameLabel, "NotIn", [.. _options.ExcludedNamespaces]),
                new LabelRequirement(AdmissionOptions.OptOutLabel, "NotIn", AdmissionOptions.OptOutValue),
                .. entry.NamespaceSelector,
            ]),
            ["objectSelector"] = Selector(
                [new LabelRequirement(AdmissionOptions.OptOutLabel, "NotIn", AdmissionOptions.OptOutValue), .. entry.ObjectSelector]),
            ["sideEffects"] = "None",
            ["timeoutSeconds"] = (int)entry.Timeout.TotalSeconds,
            ["admissionReviewVersions"] = Texts(["v1"]),
        };
        if (webhook.Mutating)
            result["reinvocationPolicy"] = "IfNeeded";
        if (matchConditions && entry.MatchConditions.Count > 0)
        {
            result["matchConditions"] = new JsonArray([.. entry.MatchConditions.Select(condition =>
                (JsonNode)new JsonObject { ["name"] = condition.Name, ["expression"] = condition.Expression })]);
        }

        return result;
    }

    private JsonObject ClientConfig(string path, string caBundle) => _options.Url is { } url
        ? new JsonObject { ["url"] = new Uri(url, path).AbsoluteUri, ["caBundle"] = caBundle }
        : new JsonObject
        {
            ["service"] = new JsonObject
            {
                ["namespace"] = _options.Namespace, ["name"] = _options.ServiceName, ["path"] = path, ["port"] = _options.ServicePort,
            },
            ["caBundle"] = caBundle,
        };

    private static JsonObject Selector(IEnumerable<LabelRequirement> requirements) => new()
    {
        ["matchExpressions"] = new JsonArray([.. requirements.Select(requirement =>
        {
            var expression = new JsonObject { ["key"] = requirement.Key, ["operator"] = requirement.Operator };
            if (requirement.Values.Count > 0)
                expression["values"] = Texts(requirement.Values);
            return (JsonNode)expression;
        })]),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static IEnumerable<string> Problems(AdmissionWebhook webhook)
    {
        if (!webhook.Path.StartsWith('/'))
            yield return $"The webhook path {webhook.Path} must begin with a slash.";
        foreach (var entry in webhook.Entries)
        {
            if (entry.Timeout < TimeSpan.FromSeconds(1) || entry.Timeout > MaxTimeout || entry.Timeout.Ticks % TimeSpan.TicksPerSecond != 0)
                yield return $"The webhook {entry.Name} has the timeout {entry.Timeout}; 1 to {MaxTimeout.TotalSeconds} whole seconds are possible.";
            // Without its conditions a webhook that fails closed would stand in the way of every object of the kind.
            if (entry.MatchConditions.Count > 0 && entry is { NeedsMatchConditions: not true, FailClosed: true })
                yield return $"The webhook {entry.Name} fails closed and has conditions, so it must not be registered on servers that ignore them: set NeedsMatchConditions.";
        }
    }

    private IEnumerable<string> DuplicateNames()
    {
        bool[] both = [true, false];
        foreach (var (mutating, matchConditions) in both.SelectMany(mutating => both.Select(conditions => (mutating, conditions))))
        {
            var names = _webhooks.Where(webhook => webhook.Mutating == mutating).SelectMany(webhook => webhook.Entries)
                .Where(entry => entry.NeedsMatchConditions is not { } needed || needed == matchConditions)
                .GroupBy(entry => entry.Name, StringComparer.Ordinal);
            foreach (var name in names.Where(group => group.Count() > 1))
                yield return $"Two webhooks of one configuration are named {name.Key}.";
        }
    }
}
