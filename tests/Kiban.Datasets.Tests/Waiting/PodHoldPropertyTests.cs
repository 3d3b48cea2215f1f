using System.Text.Json.Nodes;
using CsCheck;
using Kiban.Datasets.Declaring;
using Kiban.Datasets.Waiting;

namespace Kiban.Datasets.Tests.Waiting;

/// <summary>What holds for every Pod, whatever its author, other webhooks and future servers have written into it.</summary>
public sealed class PodHoldPropertyTests
{
    private static readonly Gen<JsonNode> Unknown = Gen.OneOf<JsonNode>(
        Gen.Double[-1e6, 1e6].Select(number => (JsonNode)JsonValue.Create(number)),
        Gen.Bool.Select(flag => (JsonNode)new JsonObject { ["nested"] = new JsonArray(flag, null, new JsonObject()) }));

    private static readonly Gen<JsonObject> Named = Gen.Select(OneOf("a", "b", "c"), Unknown, (name, unknown) =>
        new JsonObject { ["name"] = name, ["futureField"] = unknown.DeepClone() });

    private static readonly Gen<JsonObject> Pod = Gen.Select(
        Named.Array[1, 3], Named.Array[0, 2], Named.Array[0, 2], Named.Array[0, 3], Unknown, Gen.Bool,
        (containers, initContainers, gates, volumes, unknown, hasNode) =>
        {
            var spec = new JsonObject { ["containers"] = Clone(containers), ["futureField"] = unknown.DeepClone() };
            foreach (var (field, items) in (IEnumerable<(string, JsonObject[])>)[("initContainers", initContainers), ("schedulingGates", gates), ("volumes", volumes)])
            {
                if (items.Length > 0)
                    spec[field] = Clone(items);
            }
            if (hasNode)
                spec["nodeName"] = "gpu-1";
            return new JsonObject { ["kind"] = "Pod", ["metadata"] = new JsonObject { ["name"] = "p", ["futureField"] = unknown.DeepClone() }, ["spec"] = spec };
        });

    private static readonly Gen<ConsumedClaim> Claim = Gen.Select(
        OneOf("one", "two", "three"), OneOf(Enum.GetValues<ClaimReadiness>()), OneOf(WaitMode.Schedule, WaitMode.Start),
        (name, readiness, wait) => new ConsumedClaim { Name = name, Readiness = readiness, Concerns = true, Wait = wait });

    [Fact]
    public void Holding_twice_is_holding_once() =>
        Gen.Select(Pod, Claim.Array[0, 3], Gen.Bool).Sample((pod, claims, hasGates) =>
        {
            Hold(pod, claims, hasGates);
            var once = pod.ToJsonString();

            Hold(pod, claims, hasGates);

            pod.ToJsonString().ShouldBe(once);
        });

    [Fact]
    public void What_was_there_stays_as_it_was() =>
        Gen.Select(Pod, Claim.Array[0, 3], Gen.Bool).Sample((pod, claims, hasGates) =>
        {
            var before = (JsonObject)pod.DeepClone();

            Hold(pod, claims, hasGates);

            // Its own items, and nothing else, are what is new.
            foreach (var field in (string[])["containers", "initContainers", "schedulingGates", "volumes"])
            {
                var left = (pod["spec"]![field] as JsonArray ?? []).Where(item => !((string)item!["name"]!).StartsWith("kiban", StringComparison.Ordinal)).Select(item => item!.ToJsonString());
                left.ShouldBe((before["spec"]![field] as JsonArray ?? []).Select(item => item!.ToJsonString()), field);
            }
            JsonNode.DeepEquals(pod["spec"]!["futureField"], before["spec"]!["futureField"]).ShouldBeTrue();
            JsonNode.DeepEquals(pod["metadata"]!["futureField"], before["metadata"]!["futureField"]).ShouldBeTrue();
        });

    [Fact]
    public void Pod_with_a_claim_that_is_not_ready_is_held_by_exactly_one_thing_and_followed() =>
        Gen.Select(Pod, Claim.Array[0, 3], Gen.Bool).Sample((pod, claims, hasGates) =>
        {
            Hold(pod, claims, hasGates);

            var isHeld = claims.Any(claim => !claim.IsReady);
            var gates = (pod["spec"]!["schedulingGates"] as JsonArray ?? []).Count(gate => (string?)gate!["name"] == "kiban.dev/data");
            var containers = (pod["spec"]!["initContainers"] as JsonArray ?? []).Count(container => (string?)container!["name"] == "kiban-wait-for-data");
            (gates + containers).ShouldBe(isHeld ? 1 : 0);
            if (containers == 1)
                ((string?)pod["spec"]!["initContainers"]![0]!["name"]).ShouldBe("kiban-wait-for-data");
            if (gates == 1)
                pod["spec"]!["nodeName"].ShouldBeNull();
            ((string?)pod["metadata"]!["labels"]?["dataset.kiban.dev/role"]).ShouldBe(isHeld ? "consumer" : null);
        });

    private static void Hold(JsonObject pod, IReadOnlyCollection<ConsumedClaim> claims, bool hasGates) =>
        PodHold.Apply(pod, PodHold.MethodFor(pod, claims, hasGates), claims, new LoaderOptions());

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static JsonArray Clone(IEnumerable<JsonObject> items) => new([.. items.Select(item => item.DeepClone())]);
}
