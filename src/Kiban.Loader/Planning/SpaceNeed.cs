namespace Kiban.Loader.Planning;

/// <summary>What a load takes of a volume at the worst moment.</summary>
/// <param name="Bytes">Bytes, in whole blocks.</param>
/// <param name="Inodes">Files and directories.</param>
internal sealed record SpaceNeed(long Bytes, long Inodes)
{
    /// <summary>What the journal and the manifest take for one file, bytes; an upper bound for paths of usual length.</summary>
    private const int RecordBytes = 512;

    /// <summary>
    /// Follows the load in its order. A file that takes another's place needs room beside it until it is complete; what it replaces is free
    /// from then on, which a number of files later is certain.
    /// </summary>
    /// <param name="wanted">Files to fetch, in order.</param>
    /// <param name="blockSize">The volume's, bytes.</param>
    /// <param name="atOnce">How many files may be under way together.</param>
    /// <param name="present">What takes room for a file already: what it replaces, and what of it was fetched before.</param>
    /// <param name="newDirectories">Directories that are not there yet.</param>
    public static SpaceNeed Of(
        IReadOnlyList<PlannedFile> wanted, long blockSize, int atOnce, Func<PlannedFile, PresentSpace> present, int newDirectories)
    {
        long bytes = 0, inodes = newDirectories, mostBytes = 0, mostInodes = inodes;
        var replaced = new Queue<long>();
        foreach (var file in wanted)
        {
            var here = present(file);
            bytes += Math.Max(0, Blocks(file.Object.Size ?? 0, blockSize) - here.PartialBytes);
            if (here.PartialBytes == 0)
                inodes++;
            mostBytes = Math.Max(mostBytes, bytes);
            mostInodes = Math.Max(mostInodes, inodes);
            replaced.Enqueue(here.ReplacedBytes);
            if (replaced.Count < atOnce || replaced.Dequeue() is not (> 0 and var freed))
                continue;
            bytes -= freed;
            inodes--;
        }

        return new SpaceNeed(mostBytes + Blocks((long)RecordBytes * wanted.Count, blockSize) + (newDirectories * blockSize), mostInodes);
    }

    private static long Blocks(long bytes, long blockSize) => (bytes + blockSize - 1) / blockSize * blockSize;
}
