using System.Net;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Admission.Registration;

/// <summary>
/// Whether the server keeps <c>matchConditions</c> (Kubernetes 1.28; <see href="https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-matchconditions"/>).
/// Asked by an apply that stores nothing, because neither the version nor the schema tells whether the feature is switched on, and a
/// server that drops the field would leave a webhook that fails closed without its conditions.
/// </summary>
internal sealed class MatchConditionsProbe(IKubernetesClient client, AdmissionOptions options)
{
    /// <exception cref="KubernetesException">The server could not be asked.</exception>
    public async Task<bool> AskAsync<T>(CancellationToken cancellationToken)
        where T : WebhookConfiguration, new()
    {
        var probe = new T
        {
            Metadata = { Name = options.ConfigurationName },
            Webhooks = new JsonArray(new JsonObject
            {
                ["name"] = "match-conditions-probe.kiban.dev",
                ["clientConfig"] = new JsonObject { ["url"] = "https://127.0.0.1/" },
                ["failurePolicy"] = "Ignore",
                ["sideEffects"] = "None",
                ["admissionReviewVersions"] = new JsonArray("v1"),
                ["matchConditions"] = new JsonArray(new JsonObject { ["name"] = "probe", ["expression"] = "true" }),
            }),
        };
        try
        {
            var answer = await client.ApplyAsync(probe, "kiban-admission-probe", cancellationToken, new WriteOptions { DryRun = true });
            return (answer.Webhooks ?? []).OfType<JsonObject>()
                .Any(webhook => (string?)webhook["name"] == "match-conditions-probe.kiban.dev" && webhook["matchConditions"] is JsonArray { Count: 1 });
        }
        catch (KubernetesException refusal) when (IsUnknownField(refusal))
        {
            return false;
        }
    }

    // 1.20 answers 500 "field not declared in schema"; strict field validation, which can be the default of a proxy before the server, 400.
    private static bool IsUnknownField(KubernetesException refusal) =>
        refusal.Code is HttpStatusCode.InternalServerError or HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity
        && refusal.Status?.Message is { } message
        && message.Contains("matchConditions", StringComparison.Ordinal)
        && (message.Contains("not declared in schema", StringComparison.Ordinal) || message.Contains("unknown field", StringComparison.Ordinal));
}
