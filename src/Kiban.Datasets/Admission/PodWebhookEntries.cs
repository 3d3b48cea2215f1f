using Kiban.Datasets.Api;
using Kiban.Kubernetes.Admission;

namespace Kiban.Datasets.Admission;

/// <summary>
/// When the API server asks about a Pod, and what it does when it gets no answer. Exactly one of the entries matches a Pod that uses claims:
/// <list type="table">
/// <item><term>asking</term><description>Kubernetes 1.28 and later: a generic ephemeral volume of the Pod asks for data. Fails closed.</description></item>
/// <item><term>labelled</term><description>The Pod has the label <c>dataset.kiban.dev/required</c>. Fails closed.</description></item>
/// <item><term>required</term><description>Its namespace has the label. Fails closed.</description></item>
/// <item><term>(no prefix)</term><description>All other Pods: what their claims ask for only Kiban can look up. Fails open.</description></item>
/// </list>
/// The loader's own Pods match none.
/// </summary>
internal static class PodWebhookEntries
{
    private const string UsesClaims = "has(object.spec.volumes) && object.spec.volumes.exists(v, has(v.persistentVolumeClaim) || has(v.ephemeral))";
    private const string Template = "v.ephemeral.volumeClaimTemplate";

    private const string Asks = $"has(object.spec.volumes) && object.spec.volumes.exists(v, has(v.ephemeral) && has({Template}) && has({Template}.metadata)"
        + $" && has({Template}.metadata.annotations) && '{DatasetsApi.Annotations.Source}' in {Template}.metadata.annotations)";

    // The kubelet's image of a static Pod, which cannot use claims and cannot be held.
    private static readonly MatchCondition IsNoMirror = new(
        "no-mirror", "!has(object.metadata.annotations) || !('kubernetes.io/config.mirror' in object.metadata.annotations)");

    private static readonly MatchCondition AsksByItself = new("asks", Asks);
    private static readonly MatchCondition UsesClaimsOnly = new("uses-claims", $"({UsesClaims}) && !({Asks})");

    public static IReadOnlyList<AdmissionWebhookEntry> For(string name) =>
    [
        NewPods($"asking.{name}") with { FailClosed = true, MatchConditions = [AsksByItself, IsNoMirror], NeedsMatchConditions = true },
        .. ByLabels(name).Select(entry => entry with { MatchConditions = [UsesClaimsOnly, IsNoMirror], NeedsMatchConditions = true }),
        .. ByLabels(name).Select(entry => entry with { NeedsMatchConditions = false }),
    ];

    private static IEnumerable<AdmissionWebhookEntry> ByLabels(string name) => RequiredLabelEntries.For(NewPods(name), DatasetsApi.RequiredLabel);

    private static AdmissionWebhookEntry NewPods(string name) => new()
    {
        Name = name,
        Resources = ["pods"],
        Operations = [AdmissionOperation.Create],
        FailClosed = false,
        ObjectSelector = [new LabelRequirement(DatasetsApi.RoleLabel, "NotIn", DatasetsApi.LoaderRole)],
    };
}
