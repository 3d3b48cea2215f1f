using System.Collections.Immutable;
using System.Reflection;
using Kiban.Images.Definitions;

namespace Kiban.Images.Building;

/// <summary>Labels under the names of <see href="https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md"/>.</summary>
internal static class ImageLabels
{
    public static ImmutableSortedDictionary<string, string> For(ImageDefinition definition) =>
        ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            new Dictionary<string, string>
            {
                ["org.opencontainers.image.title"] = definition.Name,
                ["org.opencontainers.image.description"] = definition.Description,
                ["org.opencontainers.image.vendor"] = "The Kiban authors",
                ["org.opencontainers.image.licenses"] = "Apache-2.0",
                ["org.opencontainers.image.version"] = Version,
            });

    private static string Version { get; } = typeof(ImageLabels).Assembly.GetName().Version is { } version ? version.ToString(3) : "0.0.0";
}
