using Kiban.Images.Definitions;

namespace Kiban.Images.Tests.Building;

public sealed class ManagerImageTests(ImageFixture images) : IClassFixture<ImageFixture>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_builds_without_a_common_cache_have_one_digest()
    {
        var first = await images.NewBuilder("first").BuildAsync(PlatformImages.Manager, Cancel);
        var second = await images.NewBuilder("second").BuildAsync(PlatformImages.Manager, Cancel);

        second.Digest.ShouldBe(first.Digest);
    }
}
