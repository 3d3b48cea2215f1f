using Kiban.EndToEnd.Cluster;
using Kiban.EndToEnd.Google;

namespace Kiban.EndToEnd.Documentation;

public sealed class DocumentationTests(EndToEndCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages => [.. DocumentedManifests.Pages()];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Manifests_of_the_page_are_accepted_in_their_order(string page)
    {
        var team = await cluster.CreateNamespaceAsync("docs");
        var text = await File.ReadAllTextAsync(Path.Combine(KibanProgram.Root, page), Cancel);
        using var key = new GoogleKey();
        foreach (var secret in DocumentedManifests.SecretsOfKeyFiles(text))
        {
            await team.RunAsync(
                ["create", "secret", "generic", secret, "--type=kiban.dev/gcp-credentials", "--from-file=credentials.json=/dev/stdin"],
                Cancel,
                key.File("https://oauth2.googleapis.com/token"));
        }

        foreach (var manifest in DocumentedManifests.Manifests(text))
            await team.ApplyAsync(manifest, Cancel);
    }

    [Fact]
    public void Pages_with_manifests_are_found() => DocumentedManifests.Pages().ShouldContain("README.md");
}
