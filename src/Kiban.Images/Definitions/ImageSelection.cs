using System.Collections.Immutable;

namespace Kiban.Images.Definitions;

/// <summary>Finds definitions by the names that a person typed.</summary>
public static class ImageSelection
{
    /// <summary>The named platform images in the order of <see cref="PlatformImages.All"/>; all of them when no name is given.</summary>
    /// <exception cref="ImageBuildException">A name is unknown; the message lists those that there are.</exception>
    public static ImmutableArray<ImageDefinition> Choose(IReadOnlyCollection<string> names)
    {
        if (names.FirstOrDefault(name => PlatformImages.All.All(image => image.Name != name)) is { } unknown)
        {
            throw new ImageBuildException(
                $"There is no image \"{unknown}\"; the images are {string.Join(", ", PlatformImages.All.Select(image => image.Name))}.");
        }

        return names.Count == 0 ? PlatformImages.All : [.. PlatformImages.All.Where(image => names.Contains(image.Name))];
    }
}
