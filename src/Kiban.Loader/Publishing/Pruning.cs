using Kiban.Loader.FileSystem;
using Kiban.Loader.Planning;

namespace Kiban.Loader.Publishing;

/// <summary>Removes files that their source no longer has.</summary>
internal static class Pruning
{
    /// <summary>Removes those of the paths that are still what a load put there; a file that somebody wrote since is somebody's.</summary>
    /// <exception cref="LoadException">The volume cannot be written.</exception>
    public static void Remove(Volume volume, IEnumerable<string> gone, IReadOnlyDictionary<string, LoadedFile> loaded)
    {
        foreach (var path in gone)
        {
            var state = volume.StateOf(path);
            if (state.Kind != FileKind.File || state.Size != loaded[path].Size || state.ModifiedNanoseconds != loaded[path].ModifiedNanoseconds)
                continue;
            try
            {
                volume.Remove(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw VolumeError.From(e, $"remove {path}");
            }
        }
    }
}
