using System.Text.RegularExpressions;
using Kiban.Credentials.Tests.Fakes;
using Kiban.Credentials.Tests.Golden;
using Kiban.Testing.Golden;

namespace Kiban.Credentials.Tests;

/// <summary>The manifests of docs/credentials.md, as a reader would apply them.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "credentials.md"));

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, YamlBlock().Count(Page))];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Manifests_of_the_page_work(int block)
    {
        var cluster = new FakeCluster();
        await cluster.StoreRenderedAsync(Yaml.Document(new GoldenCase("pods", "pod-asks-for-gcp", KeyMaterial.Fill).Read("secret.yaml")));
        var manifests = Yaml.Documents(YamlBlock().Matches(Page)[block].Groups[1].Value);

        foreach (var secret in manifests.Where(manifest => (string?)manifest["kind"] == "Secret"))
        {
            (await cluster.AdmitSecretAsync(secret)).Messages.ShouldBeEmpty();
            await cluster.StoreRenderedAsync(secret);
        }
        foreach (var account in manifests.Where(manifest => (string?)manifest["kind"] == "ServiceAccount"))
            cluster.Store(account);
        foreach (var pod in manifests.Where(manifest => (string?)manifest["kind"] == "Pod"))
        {
            var outcome = await cluster.AdmitPodAsync(pod);
            outcome.Messages.ShouldBeEmpty();
            outcome.Object!["spec"]!["containers"]![0]!["volumeMounts"]!.ToJsonString().ShouldContain("/var/run/secrets/kiban.dev/");
        }
    }

    [Fact]
    public void Page_has_manifests() => YamlBlock().Count(Page).ShouldBeGreaterThanOrEqualTo(2);

    [Theory]
    [InlineData("aws-several-mistakes")]
    public void Refusal_that_the_page_shows_reads_as_in_truth(string name)
    {
        var refusal = new GoldenCase("secrets", name, KeyMaterial.Fill).Read("expected.txt");

        foreach (var line in refusal.Split('\n').Where(line => line.Contains("line break", StringComparison.Ordinal) || line.Contains("no AWS region", StringComparison.Ordinal)))
            Page.ShouldContain(line[(line.IndexOf(';', StringComparison.Ordinal) + 2)..].TrimEnd());
    }

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex YamlBlock();
}
