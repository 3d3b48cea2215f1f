using System.Globalization;
using Kiban.Loader.FileSystem;
using Kiban.Loader.Planning;

namespace Kiban.Loader.Publishing;

/// <summary>Says before the first byte whether a volume is large enough.</summary>
internal static class Preflight
{
    /// <summary>Compares what a plan needs with what the volume has.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="partialOf">The temporary file of a path, where an earlier load began one.</param>
    /// <param name="atOnce">How many files may be under way together.</param>
    /// <exception cref="LoadException">It is too small.</exception>
    public static void Check(Volume volume, LoadPlan plan, Func<string, string?> partialOf, int atOnce)
    {
        var free = volume.Free();
        var need = SpaceNeed.Of(plan.Wanted, free.BlockSize, atOnce, PresentOf, NewFolders(volume, plan));
        if (need.Bytes > free.Bytes)
        {
            throw new LoadException(
                LoadReason.InsufficientSpace,
                $"The load needs {ByteText.Of(need.Bytes)} of {volume.Root}, where {ByteText.Of(free.Bytes)} are free; nothing was fetched. Enlarge the claim by at least {ByteText.Of(need.Bytes - free.Bytes)}.");
        }

        if (need.Inodes > free.Inodes)
        {
            throw new LoadException(
                LoadReason.InsufficientSpace,
                string.Create(CultureInfo.InvariantCulture, $"The load needs {need.Inodes} files and folders of {volume.Root}, where {free.Inodes} inodes are free; nothing was fetched. Use a volume with more inodes."));
        }

        PresentSpace PresentOf(PlannedFile file) => new(
            volume.StateOf(file.Path) is { Kind: FileKind.File, AllocatedBytes: var replaced } ? replaced : 0,
            partialOf(file.Path) is { } partial ? Volume.StateOfFull(partial).AllocatedBytes : 0);
    }

    private static int NewFolders(Volume volume, LoadPlan plan)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in plan.Wanted)
        {
            for (var slash = file.Path.LastIndexOf('/'); slash > 0 && folders.Add(file.Path[..slash]); slash = file.Path.LastIndexOf('/', slash - 1))
            {
            }
        }

        return folders.Count(folder => volume.StateOf(folder).Kind == FileKind.Absent);
    }
}
