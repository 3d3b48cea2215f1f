using Kiban.Images.Definitions;

namespace Kiban.Images.Tests.Nodes;

public sealed class NodeImageStoreTests(ImageFixture images, ContainerdFixture containerd) : IClassFixture<ImageFixture>, IClassFixture<ContainerdFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Image_is_loaded_once_and_its_program_runs()
    {
        var builder = images.NewBuilder("node");
        var pause = await builder.BuildAsync(PlatformImages.Pause, Cancel);

        (await containerd.Node.LoadAsync(builder, pause, Cancel)).ShouldBeTrue();
        (await containerd.Node.LoadAsync(builder, pause, Cancel)).ShouldBeFalse("the node has this digest already");
        (await containerd.Node.ListAsync(Cancel))[pause.Reference].ShouldBe(pause.Digest);

        var version = (await Command.RunAsync(
            "ctr",
            ["--address", containerd.Socket, "--namespace", "k8s.io", "run", "--rm", "--net-host", pause.Reference, "version-of-pause", "/usr/bin/catatonit", "-V"],
            Cancel)).RequireOutput();
        version.ShouldContain("catatonit");
    }
}
