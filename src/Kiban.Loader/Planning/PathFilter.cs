using Kiban.Sources;

namespace Kiban.Loader.Planning;

/// <summary>Which paths of a source are loaded: those that an include pattern takes (all, where there is none) and no exclude pattern.</summary>
internal sealed record PathFilter(IReadOnlyList<GlobPattern> Include, IReadOnlyList<GlobPattern> Exclude)
{
    /// <summary>Takes everything.</summary>
    public static PathFilter Everything { get; } = new([], []);

    /// <summary>Reads both lists; each text may hold several patterns, separated by commas.</summary>
    /// <exception cref="FormatException">A pattern is wrong.</exception>
    public static PathFilter Parse(IEnumerable<string> include, IEnumerable<string> exclude) =>
        new([.. include.SelectMany(GlobPattern.ParseList)], [.. exclude.SelectMany(GlobPattern.ParseList)]);

    /// <summary>Whether the path is loaded.</summary>
    public bool Takes(string path) =>
        (Include.Count == 0 || Include.Any(pattern => pattern.Matches(path))) && !Exclude.Any(pattern => pattern.Matches(path));
}
