using Kiban.Credentials.Tests.Fakes;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Tests.Admission;

/// <summary>How the webhooks are registered: which requests they see, and what happens while nobody answers.</summary>
public sealed class RegistrationTests
{
    private readonly FakeCluster _cluster = new();

    private IEnumerable<IAdmissionHandler> All => [_cluster.SecretRendering, _cluster.SecretValidation, _cluster.PodInjection, _cluster.PodValidation];

    [Fact]
    public void Entry_that_fails_closed_is_narrow_on_every_server()
    {
        foreach (var entry in All.SelectMany(handler => handler.Webhook.Entries).Where(entry => entry.FailClosed))
        {
            var isNarrow = (entry.MatchConditions.Count > 0 && entry.NeedsMatchConditions == true)
                || entry.ObjectSelector.Concat(entry.NamespaceSelector).Any(requirement => requirement.Operator == "In");
            isNarrow.ShouldBeTrue(entry.Name);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_new_Pod_is_seen_by_exactly_one_entry(bool matchConditions)
    {
        var entries = _cluster.PodInjection.Webhook.Entries
            .Where(entry => entry.Resources.Contains("pods") && entry.NeedsMatchConditions != !matchConditions)
            .ToList();
        bool[] both = [true, false];
        foreach (var (pod, space, asks) in both.SelectMany(pod => both.SelectMany(space => both.Select(asks => (pod, space, asks)))))
        {
            entries.Count(entry => Selects(entry.ObjectSelector, pod) && Selects(entry.NamespaceSelector, space) && Matches(entry, asks))
                .ShouldBe(1, $"labelled Pod {pod}, labelled namespace {space}, asks {asks}");
        }
    }

    [Fact]
    public void Names_are_unique_among_the_entries_of_one_server()
    {
        foreach (var matchConditions in (bool[])[true, false])
        {
            var names = All.SelectMany(handler => handler.Webhook.Entries)
                .Where(entry => entry.NeedsMatchConditions != !matchConditions)
                .Select(entry => entry.Name);
            names.ShouldBeUnique();
        }
    }

    [Fact]
    public void Deletions_are_never_reviewed() =>
        All.SelectMany(handler => handler.Webhook.Entries).ShouldAllBe(entry => !entry.Operations.Contains(AdmissionOperation.Delete));

    private static bool Selects(IReadOnlyList<LabelRequirement> selector, bool isLabelled) =>
        selector.All(requirement => requirement.Operator == "In" ? isLabelled : !isLabelled);

    private static bool Matches(AdmissionWebhookEntry entry, bool asks) =>
        entry.MatchConditions.All(condition => condition.Name switch { "asks" => asks, "does-not-ask" => !asks, _ => true });
}
