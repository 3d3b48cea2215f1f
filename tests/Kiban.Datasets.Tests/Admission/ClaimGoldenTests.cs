using Kiban.Datasets.Tests.Fakes;
using Kiban.Testing.Golden;

namespace Kiban.Datasets.Tests.Admission;

/// <summary>Claims as users write and change them, and what they are told: testassets/claims.</summary>
public sealed class ClaimGoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names("claims")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Author_is_told_what_is_expected(string name)
    {
        var golden = new GoldenCase("claims", name);
        var cluster = new FakeCluster();
        foreach (var stored in Yaml.Documents(golden.Find("stored.yaml") ?? ""))
            cluster.Store(stored);
        cluster.Server.HasSchedulingGates = golden.Find("server.yaml") is null;
        var old = golden.Find("old.yaml") is { } before ? Yaml.Document(before) : null;

        var response = await cluster.WriteClaimAsync(Yaml.Document(golden.Read("claim.yaml")), old);

        golden.ShouldEqual("expected.txt", string.Concat(response.Warnings.Select(warning => $"Warning: {warning}\n")) + (response.Allowed ? "stored\n" : $"{response.Message}\n"));
    }
}
