using Kiban.Datasets.Tests.Fakes;
using Kiban.Kubernetes.Admission;

namespace Kiban.Datasets.Tests.Admission;

/// <summary>How the webhooks are registered: which requests they see, and what happens while nobody answers.</summary>
public sealed class RegistrationTests
{
    private readonly FakeCluster _cluster = new();

    private IEnumerable<AdmissionWebhookEntry> All => _cluster.ClaimValidation.Webhook.Entries.Concat(_cluster.PodWaiting.Webhook.Entries);

    [Fact]
    public void Entry_that_fails_closed_is_narrow_on_every_server()
    {
        foreach (var entry in All.Where(entry => entry.FailClosed))
        {
            var isNarrow = (entry.MatchConditions.Count > 0 && entry.NeedsMatchConditions == true)
                || entry.ObjectSelector.Concat(entry.NamespaceSelector).Any(requirement => requirement.Operator == "In");
            isNarrow.ShouldBeTrue(entry.Name);
        }
    }

    [Fact]
    public void Loader_Pods_are_never_reviewed() =>
        _cluster.PodWaiting.Webhook.Entries.ShouldAllBe(entry => entry.ObjectSelector.Any(requirement =>
            requirement.Key == "dataset.kiban.dev/role" && requirement.Operator == "NotIn" && requirement.Values.Contains("loader")));

    [Fact]
    public void Deletions_are_never_reviewed() => All.ShouldAllBe(entry => !entry.Operations.Contains(AdmissionOperation.Delete));
}
