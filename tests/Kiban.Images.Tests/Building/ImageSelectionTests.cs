using Kiban.Images.Definitions;

namespace Kiban.Images.Tests.Building;

public sealed class ImageSelectionTests
{
    [Fact]
    public void No_name_means_all_images() => ImageSelection.Choose([]).ShouldBe(PlatformImages.All);

    [Fact]
    public void Unknown_name_is_refused_with_those_that_there_are() =>
        Should.Throw<ImageBuildException>(() => ImageSelection.Choose(["manger"])).Message
            .ShouldBe("There is no image \"manger\"; the images are pause, kiban-manager, kiban-loader.");
}
