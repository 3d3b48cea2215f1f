using System.Text.Json.Nodes;
using Kiban.Credentials.Tests.Fakes;
using Kiban.Credentials.Tests.Golden;
using Kiban.Testing.Golden;

namespace Kiban.Credentials.Tests.Injection;

/// <summary>Pods as users and controllers write them, and what becomes of them: testassets/pods.</summary>
public sealed class PodGoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names("pods")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Pod_gets_what_is_expected(string name)
    {
        var golden = new GoldenCase("pods", name, KeyMaterial.Fill);
        var cluster = await ClusterOf(golden);

        var outcome = await cluster.AdmitPodAsync(Yaml.Document(golden.Read("pod.yaml")));

        golden.ShouldEqual("expected.yaml", Yaml.Text(Describe(outcome)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Injecting_what_is_injected_changes_nothing(string name)
    {
        var golden = new GoldenCase("pods", name, KeyMaterial.Fill);
        var cluster = await ClusterOf(golden);
        var once = await cluster.AdmitPodAsync(Yaml.Document(golden.Read("pod.yaml")));
        if (once.Object is null || once.Refusal is not null)
            return; // A refused Pod is not reviewed again.

        var twice = await cluster.AdmitPodAsync(once.Object);

        twice.Object!.ToJsonString().ShouldBe(once.Object.ToJsonString());
    }

    private static async Task<FakeCluster> ClusterOf(GoldenCase golden)
    {
        var cluster = new FakeCluster(golden.Find("options.yaml") is { } options ? OptionsFile.Read(options) : null);
        if (golden.Find("serviceaccount.yaml") is { } account)
            cluster.Store(Yaml.Document(account));
        foreach (var secret in Yaml.Documents(golden.Find("secret.yaml") ?? ""))
            await cluster.StoreRenderedAsync(secret);
        return cluster;
    }

    private static JsonObject Describe(Outcome outcome)
    {
        var result = new JsonObject();
        if (outcome.Refusal is not null)
            result["refused"] = outcome.Refusal;
        if (outcome.Warnings.Count > 0)
            result["warnings"] = new JsonArray([.. outcome.Warnings.Select(warning => (JsonNode)warning)]);
        if (outcome.Refusal is null)
            result["pod"] = outcome.Object!.DeepClone();
        return result;
    }
}
