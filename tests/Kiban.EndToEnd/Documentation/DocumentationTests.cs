using Kiban.EndToEnd.Cluster;

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
        foreach (var manifest in DocumentedManifests.Manifests(await File.ReadAllTextAsync(Path.Combine(KibanProgram.Root, page), Cancel)))
            await team.ApplyAsync(manifest, Cancel);
    }

    [Fact]
    public void Pages_with_manifests_are_found() => DocumentedManifests.Pages().ShouldContain("README.md");
}
