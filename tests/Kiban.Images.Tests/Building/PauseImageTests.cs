using System.Text.Json.Nodes;
using Kiban.Images.Definitions;
using Kiban.Images.Processes;

namespace Kiban.Images.Tests.Building;

public sealed class PauseImageTests(ImageFixture images) : IClassFixture<ImageFixture>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_builds_without_a_common_cache_have_one_digest()
    {
        var first = await images.NewBuilder("first").BuildAsync(PlatformImages.Pause, Cancel);
        var second = await images.NewBuilder("second").BuildAsync(PlatformImages.Pause, Cancel);

        second.Digest.ShouldBe(first.Digest);
        first.Size.ShouldBeLessThan(2_000_000);
    }

    [Fact]
    public async Task Skopeo_reads_the_archive()
    {
        var builder = images.NewBuilder("skopeo");
        var image = await builder.BuildAsync(PlatformImages.Pause, Cancel);
        var archive = await images.WriteArchiveAsync(builder, image, Cancel);

        var inspected = JsonNode.Parse(await new ExternalProgram("skopeo").RunAsync(["inspect", $"oci-archive:{archive}"], Cancel))!;

        inspected["Digest"]!.GetValue<string>().ShouldBe(image.Digest);
        inspected["Os"]!.GetValue<string>().ShouldBe("linux");
        inspected["Labels"]!["org.opencontainers.image.title"]!.GetValue<string>().ShouldBe("pause");
    }
}
