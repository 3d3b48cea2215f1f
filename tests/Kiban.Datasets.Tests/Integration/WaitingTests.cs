using System.Text.Json.Nodes;

namespace Kiban.Datasets.Tests.Integration;

/// <summary>Pods that wait, at a real API server: by a gate where it keeps those, else by an init container.</summary>
[Collection(nameof(WaitingFixture))]
public sealed class WaitingTests(WaitingFixture cluster)
{
    [Fact]
    public async Task Pod_waits_until_its_claim_is_loaded_and_bound_and_is_then_let_go()
    {
        var space = await Waiters.NewAsync(cluster);
        await space.CreateClaimAsync("data");
        await space.ApplyAsync(Waiters.Pod("train"));

        ShouldBeHeld(await space.PodAsync("train"));
        await Claims.UntilAsync(async () => (await space.EventsAsync("Pod", "train")).Any(text => text.StartsWith("WaitingForData: The Pod waits for the data of PersistentVolumeClaim \"data\"", StringComparison.Ordinal)), "an event");
        await space.RecordAsync("data");
        ShouldBeHeld(await space.PodAsync("train"));
        await space.BindAsync("data");

        await ShouldBeLetGoAsync(space, "train", "data");
    }

    [Fact]
    public async Task Pod_made_before_its_claim_waits_for_it_and_for_its_data()
    {
        var space = await Waiters.NewAsync(cluster);
        await space.ApplyAsync(Waiters.Pod("train"));
        ShouldBeHeld(await space.PodAsync("train"));

        await space.CreateClaimAsync("data");
        await space.LoadAsync("data");

        await ShouldBeLetGoAsync(space, "train", "data");
    }

    [Fact]
    public async Task Pod_made_before_its_claim_is_let_go_when_the_claim_asks_for_nothing()
    {
        var space = await Waiters.NewAsync(cluster);
        await space.ApplyAsync(Waiters.Pod("train"));

        await space.CreateClaimAsync("data", "");

        await ShouldBeLetGoAsync(space, "train", "data");
    }

    [Fact]
    public async Task Pod_on_several_claims_waits_for_all()
    {
        var space = await Waiters.NewAsync(cluster);
        foreach (var name in (string[])["one", "two"])
            await space.CreateClaimAsync(name);
        await space.CreateClaimAsync("plain", "");
        await space.ApplyAsync(Waiters.Pod("train", string.Join(", ", ((string[])["two", "one", "plain"]).Select(name => $"{{name: {name}, persistentVolumeClaim: {{claimName: {name}}}}}"))));

        await space.LoadAsync("one");
        ShouldBeHeld(await space.PodAsync("train"));
        await space.LoadAsync("two");

        await ShouldBeLetGoAsync(space, "train", "one,plain,two");
    }

    [Fact]
    public async Task Pod_with_wait_start_has_the_container_and_is_told_when_the_data_is_there()
    {
        var space = await Waiters.NewAsync(cluster);
        await space.CreateClaimAsync("data", Waiters.Asks + ", dataset.kiban.dev/wait: start");
        await space.ApplyAsync(Waiters.Pod("train"));
        var pod = await space.PodAsync("train");
        (Waiters.IsGated(pod), Waiters.HasContainer(pod), Waiters.LoadedClaims(pod)).ShouldBe((false, true, null));

        await space.LoadAsync("data");

        await space.PodAsync("train", now => Waiters.LoadedClaims(now) == "data" && Waiters.Role(now) is null, "told");
    }

    [Fact]
    public async Task Failed_load_is_told_on_the_Pod_and_taken_back_when_it_recovers()
    {
        var space = await Waiters.NewAsync(cluster);
        await space.CreateClaimAsync("data");
        await space.ApplyAsync(Waiters.Pod("train"));

        await space.FailAsync("data", "AccessDenied", "bucket answers 403");
        var pod = await space.PodAsync("train", now => Waiters.Condition(now) is not null, "the condition");
        var condition = Waiters.Condition(pod)!;
        ((string?)condition["status"], (string?)condition["reason"]).ShouldBe(("False", "AccessDenied"));
        ((string?)condition["message"]).ShouldBe(
            "The data of PersistentVolumeClaim \"data\" failed to load (AccessDenied): bucket answers 403. "
            + "Mend the Secret that the claim names, or name another; the load then starts again by itself, and the Pod goes on.");
        await Claims.UntilAsync(async () => (await space.EventsAsync("Pod", "train")).Any(text => text.StartsWith("AccessDenied: ", StringComparison.Ordinal)), "an event");
        ShouldBeHeld(pod);

        await space.FailAsync("data", "", "");
        await space.PodAsync("train", now => Waiters.Condition(now) is null, "the condition taken back");
        await space.LoadAsync("data");
        await ShouldBeLetGoAsync(space, "train", "data");
    }

    [Fact]
    public async Task Claim_annotated_after_a_Pod_uses_it_does_not_disturb_that_Pod()
    {
        var space = await Waiters.NewAsync(cluster);
        await space.CreateClaimAsync("data", "");
        await space.ApplyAsync(Waiters.Pod("first"));
        var before = await space.PodAsync("first");

        await space.AnnotateClaimAsync("data", "dataset.kiban.dev/source=s3://bucket/prefix/");
        // The cache learns of it by a watch; the next Pod tells that it has.
        var tries = 0;
        await Claims.UntilAsync(async () =>
        {
            var name = $"next-{tries++}";
            await space.ApplyAsync(Waiters.Pod(name));
            return Waiters.Role(await space.PodAsync(name)) is not null;
        }, "a Pod that waits");

        var after = await space.PodAsync("first");
        (Waiters.IsGated(after), Waiters.HasContainer(after), Waiters.Role(after)).ShouldBe((false, false, null));
        after["metadata"]!["resourceVersion"]!.ToString().ShouldBe(before["metadata"]!["resourceVersion"]!.ToString());
    }

    [Fact]
    public async Task Other_gates_are_left_where_they_are()
    {
        Assert.SkipUnless(cluster.HasGates, "This server keeps no scheduling gates.");
        var space = await Waiters.NewAsync(cluster);
        await space.CreateClaimAsync("data");
        await space.ApplyAsync(Waiters.Pod("train", spec: "schedulingGates: [{name: example.com/first}],"));

        await space.LoadAsync("data");

        var pod = await space.PodAsync("train", now => !Waiters.IsGated(now), "let go");
        pod["spec"]!["schedulingGates"]!.AsArray().Select(gate => (string?)gate!["name"]).ShouldBe(["example.com/first"]);
    }

    [Fact]
    public async Task Generic_ephemeral_volume_is_filled_for_its_Pod_or_refused()
    {
        var space = await Waiters.NewAsync(cluster);
        var pod = Waiters.Pod("train",
            "{name: scratch, ephemeral: {volumeClaimTemplate: {metadata: {annotations: {" + Waiters.Asks + "}}, "
            + "spec: {accessModes: [ReadWriteOnce], storageClassName: \"\", resources: {requests: {storage: 1Gi}}}}}}");

        var result = await space.TryAsync("create", pod);

        if (!cluster.Version.IsAtLeast(1, 21))
        {
            result.Error.ShouldContain("this server keeps no generic ephemeral volumes");
            return;
        }
        result.Error.ShouldBeEmpty();
        ShouldBeHeld(await space.PodAsync("train"));
        await Claims.UntilAsync(async () => (await cluster.RunKubectlAsync(["get", "pvc", "train-scratch", "-n", space.Namespace])).Succeeded, "the claim of the gated Pod");
        await space.LoadAsync("train-scratch");
        await ShouldBeLetGoAsync(space, "train", "train-scratch");
    }

    [Fact]
    public async Task Deleted_Pod_is_left_alone_and_dry_run_stores_nothing()
    {
        var space = await Waiters.NewAsync(cluster);
        await space.CreateClaimAsync("data");

        var result = await cluster.RunKubectlAsync(["create", "--dry-run=server", "-o", "yaml", "-n", space.Namespace, "-f", "-"], Waiters.Pod("train"));

        result.Output.ShouldContain("dataset.kiban.dev/role: consumer");
        (await cluster.RunKubectlAsync(["get", "pod", "train", "-n", space.Namespace])).Succeeded.ShouldBeFalse();
    }

    private void ShouldBeHeld(JsonNode pod)
    {
        (Waiters.IsGated(pod), Waiters.HasContainer(pod)).ShouldBe((cluster.HasGates, !cluster.HasGates));
        Waiters.Role(pod).ShouldBe("consumer");
        Waiters.LoadedClaims(pod).ShouldBeNull();
    }

    private async Task ShouldBeLetGoAsync(Waiters space, string name, string loaded)
    {
        var pod = await space.PodAsync(name, now => Waiters.Role(now) is null, "let go");
        Waiters.IsGated(pod).ShouldBeFalse();
        Waiters.LoadedClaims(pod).ShouldBe(cluster.HasGates ? null : loaded);
        Waiters.Condition(pod).ShouldBeNull();
    }
}
