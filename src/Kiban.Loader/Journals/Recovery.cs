using Kiban.Loader.Checksums;
using Kiban.Loader.FileSystem;
using Kiban.Loader.Planning;
using Microsoft.Win32.SafeHandles;

namespace Kiban.Loader.Journals;

/// <summary>
/// Brings a volume from where an earlier load left it to a state that can be spoken of: files that were about to get their names have them, and
/// of temporary files only what is provably in place counts.
/// </summary>
internal sealed class Recovery(Volume volume, JournalState journal, Manifest? manifest)
{
    private const int ReadSize = 256 * 1024;

    /// <summary>Files that loads put in place, by path: of the manifest, then what the journal says on top of it.</summary>
    public Dictionary<string, LoadedFile> Loaded { get; } = manifest?.Files.ToDictionary(StringComparer.Ordinal) ?? new(StringComparer.Ordinal);

    /// <summary>Those of them that the manifest does not tell of, as the next journal must repeat them.</summary>
    public List<JournalRecord> Repeated { get; } = [];

    /// <summary>The next free number of a temporary file.</summary>
    public uint NextId { get; } = journal.Files.Select(file => file.Id + 1).DefaultIfEmpty(1u).Max();

    /// <summary>Path of a temporary file.</summary>
    public static string PartialPath(Volume volume, uint id) => $"{volume.PartialFolder}/{id:x8}";

    /// <summary>Gives verified files the names that they were about to get, and finds those that have them.</summary>
    /// <exception cref="LoadException">The volume cannot be written.</exception>
    public void FinishVerified()
    {
        foreach (var file in journal.Files)
        {
            if (file.Verified is not { } verified)
                continue;
            var partial = PartialPath(volume, file.Id);
            if (Volume.StateOfFull(partial).Inode == verified.Inode)
                volume.Publish(partial, file.Path);
            else if (volume.StateOf(file.Path).Inode != verified.Inode)
                continue;

            Loaded[file.Path] = new LoadedFile
            {
                Path = file.Path,
                Size = verified.Size,
                Version = file.Version,
                ModifiedNanoseconds = verified.ModifiedNanoseconds,
                Crc32C = verified.Crc32C,
            };
            Repeated.Add(new JournalRecord.Begun(file.Id, file.Path, file.Size, file.Version));
            Repeated.Add(verified);
        }
    }

    /// <summary>
    /// What of the wanted files is in temporary files, proven: what the journal says was durable, and of the rest what still has its checksum.
    /// </summary>
    public IReadOnlyDictionary<string, PartialFile> Partial(IEnumerable<PlannedFile> wanted)
    {
        var journaled = journal.Files.Where(file => file.Verified is null).ToDictionary(file => file.Path, StringComparer.Ordinal);
        var partial = new Dictionary<string, PartialFile>(StringComparer.Ordinal);
        foreach (var file in wanted)
        {
            if (journaled.TryGetValue(file.Path, out var known) && known.Version is not null && known.Version == file.Object.Version && known.Size == file.Object.Size
                && Prove(known) is { } proven)
            {
                partial[file.Path] = proven;
            }
        }

        return partial;
    }

    /// <summary>Removes temporary files that nobody continues.</summary>
    public void RemoveOrphans(IEnumerable<uint> continued)
    {
        var kept = continued.Select(id => PartialPath(volume, id)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(volume.PartialFolder).Where(file => !kept.Contains(file)))
            File.Delete(file);
    }

    private PartialFile? Prove(JournaledFile file)
    {
        var path = PartialPath(volume, file.Id);
        if (Volume.StateOfFull(path) is not { Kind: FileKind.File, Size: var size })
            return null;
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var buffer = new byte[ReadSize];
        return new PartialFile(file.Id, [.. file.Durable.Where(segment => segment.End <= size)], [.. file.Unproven.Where(segment => IsInPlace(handle, segment, buffer))]);
    }

    private static bool IsInPlace(SafeFileHandle file, Segment segment, byte[] buffer)
    {
        uint crc = 0;
        var position = segment.Offset;
        while (position < segment.End && RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(ReadSize, segment.End - position)), position) is > 0 and var count)
        {
            crc = Crc32C.Append(crc, buffer.AsSpan(0, count));
            position += count;
        }

        return position == segment.End && crc == segment.Crc32C;
    }
}
