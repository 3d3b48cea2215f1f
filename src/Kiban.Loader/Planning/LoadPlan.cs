namespace Kiban.Loader.Planning;

/// <summary>What a load does with every file: nothing, fetch it, remove it.</summary>
internal sealed record LoadPlan
{
    /// <summary>All files that the volume has in the end, by path.</summary>
    public required IReadOnlyList<PlannedFile> All { get; init; }

    /// <summary>Files that are in place already, unchanged here and at the source.</summary>
    public required IReadOnlyList<LoadedFile> Kept { get; init; }

    /// <summary>Files to fetch, largest first.</summary>
    public required IReadOnlyList<PlannedFile> Wanted { get; init; }

    /// <summary>Paths that an earlier load put in place and that the source no longer has.</summary>
    public required IReadOnlyList<string> Gone { get; init; }

    /// <summary>Bytes of all files whose size is known.</summary>
    public long TotalBytes => All.Sum(file => file.Object.Size ?? 0);

    /// <summary>Bytes of the files that are in place already.</summary>
    public long KeptBytes => Kept.Sum(file => file.Size);

    /// <summary>Compares what is wanted with what earlier loads left.</summary>
    /// <param name="wanted">The listing, filtered.</param>
    /// <param name="loaded">What earlier loads put in place.</param>
    /// <param name="stateOf">What is at a path now.</param>
    public static LoadPlan Compare(IEnumerable<PlannedFile> wanted, IReadOnlyDictionary<string, LoadedFile> loaded, Func<string, FileState> stateOf)
    {
        var all = wanted.Order(PlannedFile.ByPath).ToList();
        var kept = new List<LoadedFile>();
        var missing = new List<PlannedFile>();
        foreach (var file in all)
        {
            if (loaded.TryGetValue(file.Path, out var earlier) && IsUnchanged(file, earlier, stateOf(file.Path)))
                kept.Add(earlier);
            else
                missing.Add(file);
        }

        missing.Sort(PlannedFile.LargestFirst);
        var paths = all.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return new LoadPlan
        {
            All = all,
            Kept = kept,
            Wanted = missing,
            Gone = [.. loaded.Keys.Where(path => !paths.Contains(path)).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>
    /// The object is the version that was loaded, and nobody wrote to the file since. An object without any version is fetched again: its
    /// size alone says nothing of its content.
    /// </summary>
    public static bool IsUnchanged(PlannedFile file, LoadedFile earlier, FileState state) =>
        file.Object.Version is { } version && version == earlier.Version
        && (file.Object.Size is null || file.Object.Size == earlier.Size)
        && state.Kind == FileKind.File && state.Size == earlier.Size && state.ModifiedNanoseconds == earlier.ModifiedNanoseconds;
}
