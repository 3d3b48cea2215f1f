using System.Text.Json.Nodes;

namespace Kiban.Manager.Tests.Deployment;

/// <summary>The manifests against the real API server: installed, upgraded, taken away.</summary>
[Collection(nameof(DeployedObjects))]
public sealed class InstallationTests(AuditedControlPlane cluster) : IAsyncLifetime
{
    private static readonly string[] Configurations = ["mutatingwebhookconfiguration/kiban-manager", "validatingwebhookconfiguration/kiban-manager"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string MatchingOverlay => cluster.Version.IsAtLeast(1, 21) ? "production" : "kubernetes-1.20";

    private string OtherOverlay => cluster.Version.IsAtLeast(1, 21) ? "kubernetes-1.20" : "production";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await DeployedObjects.RemoveAsync(cluster);

    [Fact]
    public async Task Overlay_for_the_server_applies_and_the_other_one_is_refused_for_its_PodDisruptionBudget()
    {
        await cluster.KubectlAsync("apply", "-k", Repository.Overlay(MatchingOverlay));

        (await cluster.KubectlAsync("get", "poddisruptionbudget", "-n", "kiban-system", "-o", "name")).Trim()
            .ShouldBe("poddisruptionbudget.policy/kiban-manager");
        Assert.SkipWhen(cluster.Version.IsAtLeast(1, 21) && !cluster.Version.IsAtLeast(1, 25), "This server knows both versions.");
        var other = await cluster.RunKubectlAsync(["apply", "-k", Repository.Overlay(OtherOverlay)], cancellationToken: Cancelled);
        other.Succeeded.ShouldBeFalse();
        other.Error.ShouldContain("PodDisruptionBudget");
    }

    [Theory]
    [InlineData("--server-side=false")]
    [InlineData("--server-side")]
    public async Task Applying_again_keeps_the_webhooks_that_the_manager_filled_in(string mode)
    {
        await cluster.KubectlAsync("apply", mode, "-k", Repository.Overlay(MatchingOverlay));
        await FillWebhooksAsManagerAsync();

        await cluster.KubectlAsync("apply", mode, "-k", Repository.Overlay(MatchingOverlay));

        foreach (var configuration in Configurations)
            (await cluster.KubectlAsync("get", configuration, "-o", "jsonpath={.webhooks[*].name}")).ShouldBe("example.kiban.dev");
    }

    [Fact]
    public async Task Uninstalling_leaves_no_webhook_and_nothing_else_behind()
    {
        await cluster.KubectlAsync("apply", "-k", Repository.Overlay(MatchingOverlay));
        await FillWebhooksAsManagerAsync();

        await cluster.KubectlAsync("delete", "-k", Repository.Overlay(MatchingOverlay), "--wait=false");

        var left = await cluster.KubectlAsync(
            "get", "mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles,clusterrolebindings", "-o", "name", "-l", "app.kubernetes.io/name=kiban");
        left.Trim().ShouldBeEmpty();
        await cluster.KubectlAsync("wait", "--for=delete", "namespace/kiban-system", "--timeout=60s");
    }

    private async Task FillWebhooksAsManagerAsync()
    {
        foreach (var kind in new[] { "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration" })
        {
            var configuration = new JsonObject
            {
                ["apiVersion"] = "admissionregistration.k8s.io/v1",
                ["kind"] = kind,
                ["metadata"] = new JsonObject { ["name"] = "kiban-manager" },
                ["webhooks"] = new JsonArray(new JsonObject
                {
                    ["name"] = "example.kiban.dev",
                    ["admissionReviewVersions"] = new JsonArray("v1"),
                    ["sideEffects"] = "None",
                    ["clientConfig"] = new JsonObject { ["url"] = "https://127.0.0.1:1/nothing" },
                    // Matches nothing: other tests of this server must not be called.
                    ["objectSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["kiban.dev/nothing"] = "nothing" } },
                    ["rules"] = new JsonArray(new JsonObject
                    {
                        ["apiGroups"] = new JsonArray(""),
                        ["apiVersions"] = new JsonArray("v1"),
                        ["operations"] = new JsonArray("CREATE"),
                        ["resources"] = new JsonArray("pods"),
                    }),
                }),
            };
            await cluster.KubectlAsync(
                ["apply", "--server-side", "--field-manager=kiban-manager", "-f", "-"], configuration.ToJsonString(), Cancelled);
        }
    }
}
