using Kiban.Credentials.Api;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Admission;

/// <summary>
/// When the API server asks about a Pod, and what it does when it gets no answer: Pods that ask for credentials are refused, all others
/// are created as ever. Exactly one of the entries matches any Pod, so none is sent twice.
/// <list type="table">
/// <item><term>asking</term><description>Kubernetes 1.28 and later: the Pod's own annotations ask. Fails closed.</description></item>
/// <item><term>labelled</term><description>The Pod has the label <c>credentials.kiban.dev/required</c>. Fails closed.</description></item>
/// <item><term>required</term><description>Its namespace has the label. Fails closed.</description></item>
/// <item><term>(no prefix)</term><description>All other Pods: what their ServiceAccounts say only Kiban can look up. Fails open.</description></item>
/// </list>
/// </summary>
internal static class PodWebhookEntries
{
    private const string Annotations = "object.metadata.annotations";

    private static readonly string Asks =
        $"has({Annotations}) && ['{CredentialsApi.Aws.Annotation}', '{CredentialsApi.Gcp.Annotation}'].exists(a, a in {Annotations} && {Annotations}[a] != '{CredentialsApi.None}')";

    private static readonly MatchCondition AsksByItself = new("asks", Asks);
    private static readonly MatchCondition DoesNotAskByItself = new("does-not-ask", $"!({Asks})");

    // The kubelet's image of a static Pod; it could not be injected, and refusing it would hide a running Pod.
    private static readonly MatchCondition IsNoMirror = new("no-mirror", $"!has({Annotations}) || !('kubernetes.io/config.mirror' in {Annotations})");

    /// <summary>Entries for new Pods.</summary>
    /// <param name="name">Name of the entry for all other Pods; the others' have a prefix.</param>
    public static IReadOnlyList<AdmissionWebhookEntry> For(string name) =>
    [
        NewPods($"asking.{name}") with { FailClosed = true, MatchConditions = [AsksByItself, IsNoMirror], NeedsMatchConditions = true },
        .. ByLabels(name).Select(entry => entry with { MatchConditions = [DoesNotAskByItself, IsNoMirror], NeedsMatchConditions = true }),
        .. ByLabels(name).Select(entry => entry with { NeedsMatchConditions = false }),
    ];

    /// <summary>The entry for ephemeral containers: nobody is kept from debugging a Pod because Kiban does not answer.</summary>
    public static AdmissionWebhookEntry ForEphemeralContainers(string name) => new()
    {
        Name = name,
        Resources = ["pods/ephemeralcontainers"],
        Operations = [AdmissionOperation.Update],
        FailClosed = false,
    };

    private static IEnumerable<AdmissionWebhookEntry> ByLabels(string name) => RequiredLabelEntries.For(NewPods(name), CredentialsApi.RequiredLabel);

    private static AdmissionWebhookEntry NewPods(string name) => new()
    {
        Name = name,
        Resources = ["pods"],
        Operations = [AdmissionOperation.Create],
        FailClosed = false,
    };
}
