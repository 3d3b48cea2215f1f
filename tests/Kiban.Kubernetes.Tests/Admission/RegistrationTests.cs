using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Admission.Registration;
using Kiban.Kubernetes.Certificates;
using Kiban.Kubernetes.Client;
using Kiban.Testing;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>The admission server against a real API server, from empty configurations to Pods that pass through it.</summary>
public sealed class RegistrationTests(ControlPlaneFixture cluster) : RealAdmissionTests(cluster)
{
    [Fact]
    public async Task Empty_configurations_are_filled_and_pods_pass_through_the_webhooks()
    {
        await using var replica = await Installation.StartReplicaAsync([Annotate(), Refuse("forbidden")]);
        await using var term = RealAdmission.Lead(replica);
        await Installation.WaitForAsync((mutating, validating) => mutating.Count == 1 && validating.Count == 1, "both are filled");

        var created = await CreateWhenServedAsync("one");

        created.Metadata.Annotations["seen-by"].ShouldBe("admission");
        var refusal = await Should.ThrowAsync<KubernetesException>(() => Installation.Client.CreateAsync(Installation.Pod("forbidden"), Cancel));
        refusal.Message.ShouldContain("Pod forbidden: metadata.name is forbidden.");
        (await Installation.Client.CreateAsync(Installation.Pod("dry"), Cancel, new WriteOptions { DryRun = true }))
            .Metadata.Annotations["seen-by"].ShouldBe("admission, dry run");
        (await replica.ReadinessAsync()).ShouldBe("");
    }

    [Fact]
    public async Task Registration_has_the_narrowest_scope()
    {
        await using var replica = await Installation.StartReplicaAsync([Annotate()]);
        await using var term = RealAdmission.Lead(replica);
        await Installation.WaitForAsync((mutating, _) => mutating.Count == 1, "the configuration is filled");

        var webhook = (await Installation.MutatingAsync()).Webhooks!.Single()!.AsObject();

        webhook["namespaceSelector"]!.ToJsonString().ShouldBe(
            $$"""{"matchExpressions":[{"key":"kubernetes.io/metadata.name","operator":"NotIn","values":["kube-system","kube-public","kube-node-lease","{{Installation.System}}"]},{"key":"kiban.dev/webhooks","operator":"NotIn","values":["disabled"]},{"key":"test","operator":"In","values":["{{Installation.System}}"]}]}""");
        webhook["objectSelector"]!.ToJsonString().ShouldBe("""{"matchExpressions":[{"key":"kiban.dev/webhooks","operator":"NotIn","values":["disabled"]}]}""");
        ((string?)webhook["failurePolicy"], (string?)webhook["sideEffects"], (string?)webhook["reinvocationPolicy"], (string?)webhook["matchPolicy"])
            .ShouldBe(("Fail", "None", "IfNeeded", "Equivalent"));
        ((int)webhook["timeoutSeconds"]!).ShouldBeLessThanOrEqualTo(5);
        webhook["admissionReviewVersions"]!.ToJsonString().ShouldBe("""["v1"]""");
        (await Installation.MutatingAsync()).Metadata.ManagedFields
            .ShouldContain(entry => entry.Manager == "kiban-admission" && entry.Operation == "Apply");
    }

    [Fact]
    public async Task System_namespaces_bear_the_label_by_which_they_are_excluded()
    {
        await using var replica = await Installation.StartReplicaAsync([Annotate()]);
        await using var term = RealAdmission.Lead(replica);
        await Installation.WaitForAsync((mutating, _) => mutating.Count == 1, "the configuration is filled");

        // Servers before 1.21 have no such label; without it "NotIn" would match them.
        foreach (var name in new[] { "kube-system", "kube-public", "kube-node-lease", Installation.System })
            (await Installation.Client.GetAsync<V1Namespace>(name, null, Cancel)).Metadata.Labels["kubernetes.io/metadata.name"].ShouldBe(name);

        await Cluster.KubectlAsync("label", "namespace", Installation.System, "kubernetes.io/metadata.name-");
        await replica.Leader.ReconcileAsync(Cancel);
        (await Installation.Client.GetAsync<V1Namespace>(Installation.System, null, Cancel))
            .Metadata.Labels["kubernetes.io/metadata.name"].ShouldBe(Installation.System);
    }

    [Fact]
    public async Task Opted_out_objects_and_namespaces_pass_by_the_webhooks()
    {
        await using var replica = await Installation.StartReplicaAsync([Annotate()]);
        await using var term = RealAdmission.Lead(replica);
        await CreateWhenServedAsync("seen");

        var pod = Installation.Pod("object");
        pod.Metadata.Labels = new Dictionary<string, string> { ["kiban.dev/webhooks"] = "disabled" };
        (await Installation.Client.CreateAsync(pod, Cancel)).Metadata.Annotations.ShouldBeNull();

        await Cluster.KubectlAsync("label", "namespace", Installation.Pods, "kiban.dev/webhooks=disabled");
        // The API server matches namespaces by a cache of its own.
        for (var attempt = 0; ; attempt++)
        {
            var created = await Installation.Client.CreateAsync(Installation.Pod($"namespace-{attempt}"), Cancel);
            if (created.Metadata.Annotations is null)
                return;
            await Task.Delay(50, Cancel);
        }
    }

    [Theory]
    [InlineData("""[{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Ignore"}]""")]
    [InlineData("""[{"op":"replace","path":"/webhooks/0/clientConfig/caBundle","value":"bm9uc2Vuc2U="}]""")]
    [InlineData("""[{"op":"remove","path":"/webhooks"}]""")]
    [InlineData("""[{"op":"remove","path":"/webhooks/0/namespaceSelector/matchExpressions/0"}]""")]
    [InlineData("""[{"op":"add","path":"/webhooks/0","value":{"name":"foreign.example.com","clientConfig":{"url":"https://127.0.0.1:1/"},"failurePolicy":"Ignore","sideEffects":"None","admissionReviewVersions":["v1"]}}]""")]
    public async Task Edited_registration_is_repaired(string edit)
    {
        await using var replica = await Installation.StartReplicaAsync([Annotate()]);
        await using var term = RealAdmission.Lead(replica);
        await Installation.WaitForAsync((mutating, _) => mutating.Count == 1, "the configuration is filled");
        var before = (await Installation.MutatingAsync()).Webhooks!;

        var edited = await Installation.Client.PatchAsync<MutatingWebhookConfiguration>(
            Installation.System, null, ObjectPatch.Json(JsonNode.Parse(edit)!.AsArray()), Cancel);
        JsonNode.DeepEquals(edited.Webhooks, before).ShouldBeFalse();

        await Installation.WaitForAsync((mutating, _) => JsonNode.DeepEquals(mutating, before), "the edit is undone");
    }

    [Fact]
    public async Task Configurations_that_are_made_anew_are_filled_and_ones_that_are_gone_stay_gone()
    {
        await using var replica = await Installation.StartReplicaAsync([Annotate(), Refuse("forbidden")]);
        await using var term = RealAdmission.Lead(replica);
        await Installation.WaitForAsync((mutating, validating) => mutating.Count == 1 && validating.Count == 1, "both are filled");

        await Installation.Client.DeleteAsync<MutatingWebhookConfiguration>(Installation.System, null, Cancel);
        await Installation.Client.DeleteAsync<ValidatingWebhookConfiguration>(Installation.System, null, Cancel);
        await Fakes.Until.TrueAsync(() => replica.Log.ToString().Contains("is no MutatingWebhookConfiguration", StringComparison.Ordinal), "it is reported");
        await replica.Leader.ReconcileAsync(Cancel);
        (await Installation.Client.FindAsync<MutatingWebhookConfiguration>(Installation.System, null, Cancel)).ShouldBeNull();
        (await Installation.Client.FindAsync<ValidatingWebhookConfiguration>(Installation.System, null, Cancel)).ShouldBeNull();
        (await replica.ReadinessAsync()).ShouldBe("");

        await Installation.CreateConfigurationsAsync();
        await Installation.WaitForAsync((mutating, validating) => mutating.Count == 1 && validating.Count == 1, "both are filled again");
    }

    [Fact]
    public async Task Applying_the_manifests_again_leaves_the_registration_alone()
    {
        await using var replica = await Installation.StartReplicaAsync([Annotate()]);
        await using (RealAdmission.Lead(replica))
            await Installation.WaitForAsync((mutating, _) => mutating.Count == 1, "the configuration is filled");
        var before = (await Installation.MutatingAsync()).Webhooks!;
        await Installation.CreateConfigurationsAsync();
        JsonNode.DeepEquals((await Installation.MutatingAsync()).Webhooks, before).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_registered_while_nobody_answers()
    {
        await using var replica = await Installation.StartReplicaAsync([Annotate()]);
        Installation.Service.Remove(replica);

        await replica.Leader.ReconcileAsync(Cancel);
        await replica.Leader.ReconcileAsync(Cancel);
        (await Installation.MutatingAsync()).Webhooks.ShouldBeNull();

        Installation.Service.Add(replica);
        await using var term = RealAdmission.Lead(replica);
        await Installation.WaitForAsync((mutating, _) => mutating.Count == 1, "the configuration is filled");
    }

    [Fact]
    public async Task Match_conditions_are_used_where_the_server_keeps_them_and_their_substitute_elsewhere()
    {
        var keeps = Cluster.Version.IsAtLeast(1, 28);
        var webhook = Installation.OnPods("/mutate", mutating: true, new MatchCondition("named", "object.metadata.name != 'skipped'"));
        var with = webhook.Entries[0] with { NeedsMatchConditions = true };
        var without = webhook.Entries[0] with { Name = "without.test.kiban.dev", NeedsMatchConditions = false, MatchConditions = [] };
        await using var replica = await Installation.StartReplicaAsync([new DelegateHandler(webhook with { Entries = [with, without] }, Seen)]);
        await using var term = RealAdmission.Lead(replica);
        await Installation.WaitForAsync((mutating, _) => mutating.Count == 1, "the configuration is filled");

        var registered = (await Installation.MutatingAsync()).Webhooks!.Single()!;

        ((string?)registered["name"]).ShouldBe(keeps ? with.Name : without.Name);
        (registered["matchConditions"] is not null).ShouldBe(keeps);
        await CreateWhenServedAsync("seen");
        ((await Installation.Client.CreateAsync(Installation.Pod("skipped"), Cancel)).Metadata.Annotations is null).ShouldBe(keeps);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("tls.key")]
    [InlineData("ca.key")]
    [InlineData("ca.crt")]
    public async Task A_secret_that_is_deleted_or_damaged_is_restored_as_it_was(string? key)
    {
        await using var replica = await Installation.StartReplicaAsync([Annotate()]);
        await using var term = RealAdmission.Lead(replica);
        await CreateWhenServedAsync("before");
        await Fakes.Until.TrueAsync(() => replica.Services.GetService(typeof(AdmissionObserver)) is AdmissionObserver { LastSound: not null }, "the replica has seen it");
        var before = await SecretAsync();

        if (key is null)
            await Installation.Client.DeleteAsync<V1Secret>(before.Metadata.Name, Installation.System, Cancel);
        else
            await Installation.Client.PatchAsync<V1Secret>(before.Metadata.Name, Installation.System,
                ObjectPatch.Merge(new JsonObject { ["data"] = new JsonObject { [key] = Convert.ToBase64String("-----BEGIN "u8) } }), Cancel);

        while (true)
        {
            var found = await Installation.Client.FindAsync<V1Secret>(before.Metadata.Name, Installation.System, Cancel);
            var state = CertificateSecret.Read(found);
            if (found is not null && found.Metadata.ResourceVersion != before.Metadata.ResourceVersion && state is { Authority: not null, Serving: not null })
            {
                // A damaged serving key is replaced by a new certificate; the authority always stays.
                state.Authority.Certificate.Thumbprint.ShouldBe(CertificateSecret.Read(before).Authority!.Certificate.Thumbprint);
                break;
            }

            await Task.Delay(50, Cancel);
        }

        (await CreateWhenServedAsync("after")).Metadata.Annotations["seen-by"].ShouldBe("admission");
    }

    [Fact]
    public async Task The_secret_looks_like_any_tls_secret_and_no_key_is_logged()
    {
        await using var replica = await Installation.StartReplicaAsync([Annotate()]);
        await using var term = RealAdmission.Lead(replica);
        await CreateWhenServedAsync("one");

        var secret = await SecretAsync();

        secret.Type.ShouldBe("kubernetes.io/tls");
        Encoding.UTF8.GetString(secret.Data["tls.crt"]).ShouldStartWith("-----BEGIN CERTIFICATE-----");
        var log = replica.Log.ToString();
        log.ShouldNotContain("PRIVATE KEY");
        foreach (var key in new[] { "tls.key", "ca.key" })
        {
            log.ShouldNotContain(Encoding.UTF8.GetString(secret.Data[key]).Split('\n')[1]);
            log.ShouldNotContain(Convert.ToBase64String(secret.Data[key])[..80]);
        }
    }

    private Task<V1Secret> SecretAsync() => Installation.Client.GetAsync<V1Secret>("kiban-manager-tls", Installation.System, Cancel);

    private DelegateHandler Annotate() => new(Installation.OnPods("/mutate", mutating: true), Seen);

    private static AdmissionResponse Seen(AdmissionRequest request)
    {
        var metadata = request.Object!["metadata"]!.AsObject();
        metadata["annotations"] = new JsonObject { ["seen-by"] = request.DryRun ? "admission, dry run" : "admission" };
        return AdmissionResponse.Allow();
    }

    private DelegateHandler Refuse(string name) => new(
        Installation.OnPods("/validate", mutating: false),
        request => request.Name == name ? AdmissionResponse.Invalid($"Pod {name}: metadata.name is {name}.") : AdmissionResponse.Allow());

    /// <summary>Creates Pods until one has passed through the webhook: API servers learn of a registration a moment after it is stored.</summary>
    private async Task<V1Pod> CreateWhenServedAsync(string name)
    {
        for (var attempt = 0; ; attempt++)
        {
            var created = await Installation.Client.CreateAsync(Installation.Pod($"{name}-{attempt}"), Cancel);
            if (created.Metadata.Annotations?.ContainsKey("seen-by") == true)
                return created;
            await Task.Delay(50, Cancel);
        }
    }
}
