using System.Collections.Immutable;
using System.Text.Json;

namespace Kiban.Images.Programs;

/// <summary>Splits a published folder by what changes how often.</summary>
/// <param name="Foreign">The runtime and the libraries of others: changes with a version, and is by far the larger part.</param>
/// <param name="Own">Everything else: the program, our assemblies, its settings.</param>
internal sealed record PublishedFiles(ImmutableArray<string> Foreign, ImmutableArray<string> Own)
{
    /// <summary>
    /// Sorts the files of a folder by what the program's <c>.deps.json</c> says of their origin. A program compiled to native code has none: the
    /// one file is all our own.
    /// </summary>
    /// <param name="folder">Output of <c>dotnet publish</c>.</param>
    /// <param name="program">The program's assembly name.</param>
    public static PublishedFiles Read(string folder, string program)
    {
        var foreign = ForeignFiles(Path.Combine(folder, program + ".deps.json"));
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Order(StringComparer.Ordinal)
            .ToLookup(foreign.Contains);
        return new PublishedFiles([.. files[true]], [.. files[false]]);
    }

    private static HashSet<string> ForeignFiles(string dependenciesFile)
    {
        if (!File.Exists(dependenciesFile))
            return [];
        using var document = JsonDocument.Parse(File.ReadAllBytes(dependenciesFile));
        var dependencies = document.RootElement;
        var libraries = dependencies.GetProperty("libraries");
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var target in dependencies.GetProperty("targets").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject()))
        {
            if (libraries.GetProperty(target.Name).GetProperty("type").GetString() == "project")
                continue;
            foreach (var kind in (string[])["runtime", "native", "resources"])
            {
                if (target.Value.TryGetProperty(kind, out var assets))
                    files.UnionWith(assets.EnumerateObject().Select(asset => PublishedPath(kind, asset)));
            }
        }

        return files;
    }

    /// <summary>Packages name their files as they lie in the package; published, they lie flat but for a folder per culture.</summary>
    private static string PublishedPath(string kind, JsonProperty asset) =>
        kind == "resources" && asset.Value.TryGetProperty("locale", out var locale)
            ? $"{locale.GetString()}/{Path.GetFileName(asset.Name)}"
            : Path.GetFileName(asset.Name);
}
