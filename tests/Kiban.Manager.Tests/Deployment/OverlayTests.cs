using System.Text.Json.Nodes;

namespace Kiban.Manager.Tests.Deployment;

/// <summary>The manifests by themselves, before any server sees them.</summary>
public sealed class OverlayTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("local")]
    [InlineData("production")]
    [InlineData("kubernetes-1.20")]
    [InlineData("kubernetes-1.30")]
    public async Task Overlay_renders_the_same_with_the_oldest_kubectl_and_with_the_machines(string overlay)
    {
        var oldest = await KubectlPrograms.FindOldestAsync(Cancelled);
        Assert.SkipUnless(oldest is not null, "apt offers no kubectl 1.20 on this machine.");

        var old = await Manifests.RenderAsync(oldest, overlay, Cancelled);
        var current = await Manifests.RenderAsync(KubectlPrograms.Current, overlay, Cancelled);

        Sorted(old).ShouldBe(Sorted(current));

        static IEnumerable<string> Sorted(IEnumerable<JsonObject> manifests) =>
            manifests.Select(manifest => manifest.ToJsonString()).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("production", "policy/v1")]
    [InlineData("kubernetes-1.30", "policy/v1")]
    [InlineData("kubernetes-1.20", "policy/v1beta1")]
    [InlineData("local", null)]
    public async Task Overlay_has_the_PodDisruptionBudget_that_its_servers_know(string overlay, string? apiVersion)
    {
        var manifests = await Manifests.RenderAsync(KubectlPrograms.Current, overlay, Cancelled);

        var budget = manifests.SingleOrDefault(manifest => (string?)manifest["kind"] == "PodDisruptionBudget");
        ((string?)budget?["apiVersion"]).ShouldBe(apiVersion);
    }

    [Fact]
    public async Task Overlay_for_old_servers_adds_the_right_to_label_namespaces_and_is_otherwise_the_one_for_new_servers()
    {
        var current = (await Manifests.RenderAsync(KubectlPrograms.Current, "production", Cancelled)).Select(manifest => manifest.ToJsonString()).ToList();
        var old = (await Manifests.RenderAsync(KubectlPrograms.Current, "kubernetes-1.20", Cancelled)).Where(manifest => !current.Contains(manifest.ToJsonString()));

        old.Select(Manifests.Identity).ShouldBe(
            [
                "rbac.authorization.k8s.io/v1 ClusterRole /kiban-manager-namespace-labels",
                "rbac.authorization.k8s.io/v1 ClusterRoleBinding /kiban-manager-namespace-labels",
                "policy/v1beta1 PodDisruptionBudget kiban-system/kiban-manager",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Webhook_configurations_ship_without_a_webhooks_field()
    {
        var manifests = await Manifests.RenderAsync(KubectlPrograms.Current, "production", Cancelled);

        var configurations = manifests.Where(manifest => ((string?)manifest["kind"])!.EndsWith("WebhookConfiguration", StringComparison.Ordinal)).ToList();
        configurations.Select(Manifests.Identity).ShouldBe(
            [
                "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration /kiban-manager",
                "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration /kiban-manager",
            ],
            ignoreOrder: true);
        configurations.ShouldAllBe(configuration => !configuration.ContainsKey("webhooks"));
    }

    /// <summary>The rules of <see href="https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"/>, which the namespace enforces.</summary>
    [Fact]
    public async Task Pods_of_the_manager_satisfy_the_restricted_pod_security_standard()
    {
        var manifests = await Manifests.RenderAsync(KubectlPrograms.Current, "production", Cancelled);
        var pod = manifests.Single(manifest => (string?)manifest["kind"] == "Deployment")["spec"]!["template"]!["spec"]!;

        ((bool)pod["securityContext"]!["runAsNonRoot"]!).ShouldBeTrue();
        ((long)pod["securityContext"]!["runAsUser"]!).ShouldBe(65532);
        ((string?)pod["securityContext"]!["seccompProfile"]!["type"]).ShouldBe("RuntimeDefault");
        foreach (var container in pod["containers"]!.AsArray())
        {
            var context = container!["securityContext"]!;
            ((bool)context["allowPrivilegeEscalation"]!).ShouldBeFalse();
            ((bool)context["readOnlyRootFilesystem"]!).ShouldBeTrue();
            context["capabilities"]!["drop"]!.AsArray().Select(capability => (string?)capability).ShouldBe(["ALL"]);
            container["resources"]!["limits"]!["memory"].ShouldNotBeNull();
        }

        pod["volumes"].ShouldBeNull();
        pod["hostNetwork"].ShouldBeNull();
    }
}
