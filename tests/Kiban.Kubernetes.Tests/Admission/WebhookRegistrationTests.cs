using System.Text.Json.Nodes;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Admission.Registration;
using Kiban.Kubernetes.Certificates;

namespace Kiban.Kubernetes.Tests.Admission;

public class WebhookRegistrationTests
{
    private static readonly TrustBundle Trust = new([new CertificateIssuer(new CertificateOptions(), ["a"]).NewAuthority(DateTimeOffset.UnixEpoch).Certificate]);

    private readonly AdmissionOptions _options = new();

    [Fact]
    public void An_entry_says_everything_that_the_server_would_fill_in()
    {
        var entry = Desired(DelegateHandler.OnPods("/mutate", mutating: true)).Single()!.AsObject();

        var bundle = (string)entry["clientConfig"]!["caBundle"]!;
        TrustBundle.Parse(Convert.FromBase64String(bundle)).IsSameAs(Trust).ShouldBeTrue();
        entry["clientConfig"]!.AsObject().Remove("caBundle");
        entry["clientConfig"]!.ToJsonString().ShouldBe("""{"service":{"namespace":"kiban-system","name":"kiban-manager","path":"/mutate","port":443}}""");
        entry["rules"]!.ToJsonString().ShouldBe(
            """[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"],"scope":"Namespaced"}]""");
        ((int?)entry["timeoutSeconds"]).ShouldBe(5);
        ((string?)entry["reinvocationPolicy"]).ShouldBe("IfNeeded");
        entry.ContainsKey("matchConditions").ShouldBeFalse();
    }

    [Fact]
    public void A_validating_entry_has_no_reinvocation_policy() =>
        Desired(DelegateHandler.OnPods("/validate", mutating: false), mutating: false).Single()!.AsObject().ContainsKey("reinvocationPolicy").ShouldBeFalse();

    [Theory]
    [InlineData(true, "with,both")]
    [InlineData(false, "without,both")]
    public void Entries_are_chosen_by_what_the_server_can_do(bool matchConditions, string names)
    {
        var entry = DelegateHandler.OnPods("/mutate", mutating: true).Entries[0];
        var webhook = new AdmissionWebhook
        {
            Path = "/mutate",
            Mutating = true,
            Entries =
            [
                entry with { Name = "with", NeedsMatchConditions = true, MatchConditions = [new MatchCondition("m", "true")] },
                entry with { Name = "without", NeedsMatchConditions = false },
                entry with { Name = "both", FailClosed = false, MatchConditions = [new MatchCondition("m", "true")] },
            ],
        };

        var entries = new WebhookRegistration(_options, [webhook]).Desired(mutating: true, Trust, matchConditions);

        string.Join(",", entries.Select(found => (string?)found!["name"])).ShouldBe(names);
        entries.Count(found => found!["matchConditions"] is not null).ShouldBe(matchConditions ? 2 : 0);
    }

    [Fact]
    public void A_webhook_that_fails_closed_cannot_be_registered_without_its_conditions()
    {
        var webhook = DelegateHandler.OnPods("/mutate", mutating: true);
        webhook = webhook with { Entries = [webhook.Entries[0] with { MatchConditions = [new MatchCondition("m", "true")] }] };
        Should.Throw<InvalidOperationException>(() => new WebhookRegistration(_options, [webhook])).Message.ShouldContain("NeedsMatchConditions");
    }

    [Fact]
    public void Every_impossible_registration_is_named()
    {
        var webhook = DelegateHandler.OnPods("/mutate", mutating: true);
        var slow = webhook with { Entries = [webhook.Entries[0] with { Name = "slow", Timeout = TimeSpan.FromSeconds(6) }] };
        var message = Should.Throw<InvalidOperationException>(() => new WebhookRegistration(_options, [webhook, webhook with { Path = "nowhere" }, slow])).Message;
        message.ShouldContain("slow has the timeout 00:00:06");
        message.ShouldContain("named mutate.test.kiban.dev");
        message.ShouldContain("nowhere must begin with a slash");
    }

    [Theory]
    [InlineData("failurePolicy", "\"Ignore\"", true)]
    [InlineData("timeoutSeconds", "30", true)]
    [InlineData("namespaceSelector", "{}", true)]
    [InlineData("matchConditions", """[{"name":"never","expression":"false"}]""", true)]
    [InlineData("matchConditions", "[]", false)]
    [InlineData("fieldOfTheFuture", "\"default\"", false)]
    public void Drift_is_told_from_what_a_newer_server_adds(string field, string value, bool differs)
    {
        var desired = Desired(DelegateHandler.OnPods("/mutate", mutating: true));
        var observed = desired.DeepClone().AsArray();
        WebhookRegistration.Differs(desired, observed).ShouldBeFalse();
        observed[0]![field] = JsonNode.Parse(value);
        WebhookRegistration.Differs(desired, observed).ShouldBe(differs);
    }

    [Fact]
    public void Missing_and_foreign_entries_are_drift()
    {
        var desired = Desired(DelegateHandler.OnPods("/mutate", mutating: true));
        WebhookRegistration.Differs(desired, null).ShouldBeTrue();
        WebhookRegistration.Differs([], desired).ShouldBeTrue();
        var renamed = desired.DeepClone().AsArray();
        renamed[0]!["name"] = "other";
        WebhookRegistration.Differs(desired, renamed).ShouldBeTrue();
        WebhookRegistration.Differs([], null).ShouldBeFalse();
    }

    [Theory]
    [InlineData("%%%")]
    [InlineData("bm9uc2Vuc2U=")]
    [InlineData(null)]
    public void A_bundle_that_is_none_accepts_nothing(string? caBundle)
    {
        var webhooks = new JsonArray(new JsonObject { ["name"] = "a", ["clientConfig"] = new JsonObject { ["caBundle"] = caBundle } });
        WebhookRegistration.Bundles(webhooks).Single().Authorities.ShouldBeEmpty();
    }

    private JsonArray Desired(AdmissionWebhook webhook, bool mutating = true) =>
        new WebhookRegistration(_options, [webhook]).Desired(mutating, Trust, matchConditions: false);
}
