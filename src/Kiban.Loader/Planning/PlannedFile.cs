using Kiban.Loader.Stores;

namespace Kiban.Loader.Planning;

/// <summary>An object and the file that it becomes.</summary>
/// <param name="Source">Which of the load's sources it is of, from zero.</param>
/// <param name="Object">What was listed.</param>
/// <param name="Path">Path of the file below the volume, parts divided by slashes.</param>
internal sealed record PlannedFile(int Source, SourceObject Object, string Path)
{
    /// <summary>By path, in UTF-16 code units.</summary>
    public static IComparer<PlannedFile> ByPath { get; } = Comparer<PlannedFile>.Create((a, b) => string.CompareOrdinal(a.Path, b.Path));

    /// <summary>Largest first, so that no large object is left alone at the end; of unknown size before all others.</summary>
    public static IComparer<PlannedFile> LargestFirst { get; } = Comparer<PlannedFile>.Create((a, b) =>
        (b.Object.Size ?? long.MaxValue).CompareTo(a.Object.Size ?? long.MaxValue) is var bySize and not 0
            ? bySize
            : string.CompareOrdinal(a.Path, b.Path));
}
