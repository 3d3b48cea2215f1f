using Kiban.Credentials.Api;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Admission;

/// <summary>
/// Which Secrets are reviewed. The API server sees a Secret's type only by a CEL condition (1.28 and later): there, typed Secrets are
/// refused while Kiban does not answer, and others are never sent to it. Older servers send every Secret, and go on without an answer,
/// because a cluster in which no Secret can be written does not recover; a typed Secret that slipped in then lacks the rendered
/// keys, so that Pods which name it are refused until it is written again.
/// </summary>
internal static class SecretWebhookEntries
{
    private static readonly MatchCondition IsTyped = new(
        "typed", $"object.type in ['{CredentialsApi.Aws.SecretType}', '{CredentialsApi.Gcp.SecretType}']");

    public static IReadOnlyList<AdmissionWebhookEntry> For(string name) =>
    [
        new AdmissionWebhookEntry
        {
            Name = name,
            Resources = ["secrets"],
            Operations = [AdmissionOperation.Create, AdmissionOperation.Update],
            FailClosed = true,
            MatchConditions = [IsTyped],
            NeedsMatchConditions = true,
        },
        new AdmissionWebhookEntry
        {
            Name = $"any.{name}",
            Resources = ["secrets"],
            Operations = [AdmissionOperation.Create, AdmissionOperation.Update],
            FailClosed = false,
            NeedsMatchConditions = false,
        },
    ];
}
