using Kiban.Datasets.Api;
using Kiban.Kubernetes.Admission;

namespace Kiban.Datasets.Admission;

/// <summary>
/// Which claims are reviewed. The API server sees annotations only by a CEL condition (1.28 and later): there, claims whose annotations of this part
/// are new or changed are refused while Kiban does not answer, and others are never sent to it, so that a claim can be bound, resized and deleted
/// meanwhile. Older servers send every claim, and go on without an answer.
/// </summary>
internal static class ClaimWebhookEntries
{
    private const string New = "object.metadata.annotations";
    private const string Old = "oldObject.metadata.annotations";

    // What this part itself writes on a claim is no wish.
    private static readonly string IsOurs =
        $"a.startsWith('{DatasetsApi.Prefix}') && !(a in [{string.Join(", ", DatasetsApi.Records.OnClaims.Select(key => $"'{key}'"))}])";

    private static readonly MatchCondition Asks = new(
        "asks",
        $"!has(object.metadata.deletionTimestamp) && (oldObject == null"
        + $" ? has({New}) && {New}.exists(a, {IsOurs})"
        + $" : (has({New}) && {New}.exists(a, {IsOurs} && !(has({Old}) && a in {Old} && {Old}[a] == {New}[a])))"
        + $" || (has({Old}) && {Old}.exists(a, {IsOurs} && !(has({New}) && a in {New}))))");

    public static IReadOnlyList<AdmissionWebhookEntry> For(string name) =>
    [
        Claims(name) with { FailClosed = true, MatchConditions = [Asks], NeedsMatchConditions = true },
        Claims($"any.{name}") with { NeedsMatchConditions = false },
    ];

    /// <summary>
    /// Entries for new claims that need nothing but to be improved: without an answer they are loaded as if there were no snapshot.
    /// </summary>
    public static IReadOnlyList<AdmissionWebhookEntry> ForNew(string name) =>
    [
        Claims(name) with { Operations = [AdmissionOperation.Create], MatchConditions = [Asks], NeedsMatchConditions = true },
        Claims($"any.{name}") with { Operations = [AdmissionOperation.Create], NeedsMatchConditions = false },
    ];

    private static AdmissionWebhookEntry Claims(string name) => new()
    {
        Name = name,
        Resources = ["persistentvolumeclaims"],
        Operations = [AdmissionOperation.Create, AdmissionOperation.Update],
        FailClosed = false,
    };
}
