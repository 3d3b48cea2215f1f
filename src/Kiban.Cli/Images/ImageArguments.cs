using System.CommandLine;
using Kiban.Images.Building;
using Kiban.Images.Definitions;

namespace Kiban.Cli.Images;

/// <summary>Arguments and options that several image commands take.</summary>
internal sealed class ImageArguments
{
    public Argument<string[]> Names { get; } = new("name")
    {
        Description = $"Images: {string.Join(", ", PlatformImages.All.Select(image => image.Name))}; all of them when none is named",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public Option<DirectoryInfo?> Source { get; } = new("--source")
    {
        Description = "The repository with the programs' sources; found above the current folder when not given",
    };

    public Option<bool> UpdatePackages { get; } = new("--update-packages")
    {
        Description = "Ask the Debian sources for newer packages instead of using those of the last build",
    };

    public void AddTo(Command command)
    {
        command.Add(Names);
        command.Add(Source);
        command.Add(UpdatePackages);
    }

    /// <summary>A builder as the options say, whose progress appears on standard error.</summary>
    public ImageBuilder Builder(ParseResult parsed) =>
        new(
            new ImageBuilderOptions
            {
                Root = parsed.GetValue(Source)?.FullName ?? RootAbove(Directory.GetCurrentDirectory()) ?? RootAbove(AppContext.BaseDirectory),
                UpdatePackages = parsed.GetValue(UpdatePackages),
            },
            new LineProgress(parsed.InvocationConfiguration.Error),
            TimeProvider.System);

    public IReadOnlyList<ImageDefinition> Definitions(ParseResult parsed) => ImageSelection.Choose(parsed.GetValue(Names) ?? []);

    private static string? RootAbove(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            if (File.Exists(Path.Combine(current.FullName, "Kiban.slnx")))
                return current.FullName;
        }

        return null;
    }
}
