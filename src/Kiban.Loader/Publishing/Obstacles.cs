using Kiban.Loader.FileSystem;
using Kiban.Loader.Planning;

namespace Kiban.Loader.Publishing;

/// <summary>What stands in the volume where files of the load are to be, and cannot be replaced by a rename.</summary>
internal static class Obstacles
{
    /// <summary>
    /// The plan, after files of an earlier load that the source no longer has were removed where they are in the way and that is wanted.
    /// </summary>
    /// <exception cref="LoadException">Something else is in the way.</exception>
    public static LoadPlan Clear(Volume volume, LoadPlan plan, IReadOnlyDictionary<string, LoadedFile> loaded, bool prunes)
    {
        if (First(volume, plan) is not { } obstacle)
            return plan;
        if (prunes)
            Pruning.Remove(volume, plan.Gone, loaded);
        if (prunes && First(volume, plan) is null)
            return plan;
        var hint = plan.Gone.Any(path => path == obstacle.Path || path.StartsWith(obstacle.Path + "/", StringComparison.Ordinal))
            ? "an earlier load put it there and the source no longer has it; --prune removes it"
            : "remove it, or choose another --path";
        throw new LoadException(LoadReason.UnsafeKey, $"\"{obstacle.Path}\" is {obstacle.Found} in the volume, but \"{obstacle.Wanted}\" of the source needs that place: {hint}.");
    }

    private static (string Path, string Found, string Wanted)? First(Volume volume, LoadPlan plan)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in plan.Wanted)
        {
            if (volume.StateOf(file.Path).Kind == FileKind.Directory)
                return (file.Path, "a folder", file.Path);
            for (var slash = file.Path.LastIndexOf('/'); slash > 0; slash = file.Path.LastIndexOf('/', slash - 1))
            {
                var folder = file.Path[..slash];
                if (!folders.Add(folder))
                    break;
                if (volume.StateOf(folder).Kind is not (FileKind.Directory or FileKind.Absent) and var kind)
                    return (folder, kind == FileKind.File ? "a file" : "a link or a device", file.Path);
            }
        }

        return null;
    }
}
