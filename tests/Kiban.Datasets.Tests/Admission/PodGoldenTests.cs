using System.Text.Json.Nodes;
using Kiban.Datasets.Tests.Fakes;
using Kiban.Testing.Golden;

namespace Kiban.Datasets.Tests.Admission;

/// <summary>Pods as users and controllers write them, and what becomes of them: testassets/pods.</summary>
public sealed class PodGoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names("pods")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Pod_is_held_as_expected(string name)
    {
        var golden = new GoldenCase("pods", name);
        var pod = Yaml.Document(golden.Read("pod.yaml"));

        var response = await ClusterOf(golden).CreatePodAsync(pod);

        var outcome = new JsonObject();
        if (response.Warnings.Count > 0)
            outcome["warnings"] = new JsonArray([.. response.Warnings.Select(warning => (JsonNode)warning)]);
        if (response.Allowed)
            outcome["pod"] = pod;
        else
            outcome["refused"] = response.Message;
        golden.ShouldEqual("expected.yaml", Yaml.Text(outcome));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Pod_that_is_held_is_not_changed_again(string name)
    {
        var golden = new GoldenCase("pods", name);
        var cluster = ClusterOf(golden);
        var pod = Yaml.Document(golden.Read("pod.yaml"));
        if (!(await cluster.CreatePodAsync(pod)).Allowed)
            return; // A refused Pod is not reviewed again.
        var once = pod.ToJsonString();

        await cluster.CreatePodAsync(pod);

        pod.ToJsonString().ShouldBe(once);
    }

    private static FakeCluster ClusterOf(GoldenCase golden)
    {
        var cluster = new FakeCluster();
        foreach (var stored in Yaml.Documents(golden.Find("stored.yaml") ?? ""))
            cluster.Store(stored);
        if (golden.Find("server.yaml") is { } server)
        {
            cluster.Server.HasSchedulingGates = (bool?)Yaml.Document(server)["schedulingGates"] ?? true;
            cluster.Server.HasEphemeralVolumes = (bool?)Yaml.Document(server)["ephemeralVolumes"] ?? true;
        }
        return cluster;
    }
}
