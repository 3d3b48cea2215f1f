using System.Text;

namespace Kiban.Loader.Planning;

/// <summary>What a key must be to become a file in the volume.</summary>
internal static class PathRules
{
    /// <summary>Folder in the volume that is the loader's own.</summary>
    public const string OwnFolder = ".kiban";

    /// <summary>Longest name of a file or folder, bytes (<c>NAME_MAX</c> of Linux).</summary>
    public const int LongestName = 255;

    /// <summary>Longest path that Linux takes, bytes (<c>PATH_MAX</c>), with the directory it begins with and a NUL at its end.</summary>
    public const int LongestPath = 4096;

    /// <summary>What is wrong with one path of its own, as the end of a sentence that began with the key; null where nothing is.</summary>
    /// <param name="path">Path below <paramref name="root"/>, parts divided by slashes.</param>
    /// <param name="root">The directory that is loaded into.</param>
    public static string? Problem(string path, string root)
    {
        if (path.Length == 0)
            return "is empty below the source's prefix and names no file";
        if (path[0] == '/')
            return "would be an absolute path";
        if (Encoding.UTF8.GetByteCount(path) + Encoding.UTF8.GetByteCount(root) + 2 > LongestPath)
            return $"makes a path longer than {LongestPath} bytes";
        foreach (var character in path)
        {
            if (character == '\0')
                return "contains a NUL character";
            if (char.IsControl(character))
                return $"contains the control character U+{(int)character:X4}";
        }

        var rest = path.AsSpan();
        for (var isFirst = true; ; isFirst = false)
        {
            var slash = rest.IndexOf('/');
            var part = slash < 0 ? rest : rest[..slash];
            if (PartProblem(part, isFirst) is { } problem)
                return problem;
            if (slash < 0)
                return null;
            rest = rest[(slash + 1)..];
        }
    }

    /// <summary>
    /// Problems between paths: the same twice, a file where another needs a folder, and, where the file system does not tell case
    /// apart, two that differ only in it.
    /// </summary>
    /// <param name="paths">All paths that will be there.</param>
    /// <param name="foldsCase">Whether the file system takes <c>a</c> and <c>A</c> for the same name.</param>
    /// <returns>Index of a path, and the end of a sentence that began with its key.</returns>
    public static IEnumerable<(int Index, string Problem)> Collisions(IReadOnlyList<string> paths, bool foldsCase)
    {
        var byPath = new Dictionary<string, int>(paths.Count, foldsCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        for (var i = 0; i < paths.Count; i++)
        {
            if (byPath.TryAdd(paths[i], i))
                continue;
            var other = paths[byPath[paths[i]]];
            yield return (i, other == paths[i]
                ? "comes from two sources and would be the same file"
                : $"differs from \"{other}\" only in case, which this file system does not tell apart");
        }

        var lookup = byPath.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = 0; i < paths.Count; i++)
        {
            for (var slash = paths[i].IndexOf('/'); slash > 0; slash = paths[i].IndexOf('/', slash + 1))
            {
                if (lookup.TryGetValue(paths[i].AsSpan(0, slash), out var file))
                {
                    yield return (i, $"needs a folder where \"{paths[file]}\" is a file");
                    break;
                }
            }
        }
    }

    private static string? PartProblem(ReadOnlySpan<char> part, bool isFirst) => part switch
    {
        "" => "has an empty part (two slashes in a row, or one at the end)",
        "." or ".." => $"has the part \"{part}\", which would leave its place in the volume",
        OwnFolder when isFirst => $"lies in {OwnFolder}/, which is the loader's own",
        _ when Encoding.UTF8.GetByteCount(part) > LongestName => $"has a part longer than {LongestName} bytes",
        _ => null,
    };
}
