using Kiban.Loader.Checksums;

namespace Kiban.Loader.Journals;

/// <summary>Where an earlier load was when it ended, however it ended.</summary>
internal sealed record JournalState
{
    /// <summary>No load was begun.</summary>
    public static JournalState Empty { get; } = new() { LoadId = null, FetchedBytes = 0, Files = [] };

    /// <summary>Which load; null where none was begun.</summary>
    public required string? LoadId { get; init; }

    /// <summary>What it fetched over all attempts, bytes.</summary>
    public required long FetchedBytes { get; init; }

    /// <summary>Temporary files and what became of them, the latest for each path.</summary>
    public required IReadOnlyList<JournaledFile> Files { get; init; }

    /// <summary>Reads a journal. A torn tail is as if it had not been written.</summary>
    public static JournalState Read(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(JournalFormat.Magic))
            return Empty;
        string? loadId = null;
        long fetched = 0, durable = 0;
        var files = new Dictionary<uint, (JournalRecord.Begun Begun, List<(long Position, Segment Segment)> Segments, JournalRecord.Verified? Verified)>();
        for (var position = JournalFormat.Magic.Length; JournalFormat.Read(bytes[position..], out var length) is { } record; position += length)
        {
            switch (record)
            {
                case JournalRecord.Begin begin:
                    (loadId, fetched) = (begin.LoadId, begin.FetchedBytes);
                    break;
                case JournalRecord.Begun begun:
                    files[begun.Id] = (begun, [], null);
                    break;
                case JournalRecord.Written written when files.TryGetValue(written.Id, out var file):
                    file.Segments.Add((position, written.Segment));
                    break;
                case JournalRecord.Verified verified when files.TryGetValue(verified.Id, out var file):
                    files[verified.Id] = file with { Verified = verified };
                    break;
                case JournalRecord.Durable sync:
                    durable = sync.Position;
                    break;
                case JournalRecord.Dropped dropped:
                    files.Remove(dropped.Id);
                    break;
                case JournalRecord.Fetched total:
                    fetched = total.TotalBytes;
                    break;
            }
        }

        var latest = new Dictionary<string, JournaledFile>(StringComparer.Ordinal);
        foreach (var (id, (begun, segments, verified)) in files)
        {
            if (latest.TryGetValue(begun.Path, out var other) && other.Id > id)
                continue;
            latest[begun.Path] = new JournaledFile
            {
                Id = id,
                Path = begun.Path,
                Size = begun.Size,
                Version = begun.Version,
                Durable = [.. segments.Where(entry => entry.Position < durable).Select(entry => entry.Segment)],
                Unproven = [.. segments.Where(entry => entry.Position >= durable).Select(entry => entry.Segment)],
                Verified = verified,
            };
        }

        return new JournalState { LoadId = loadId, FetchedBytes = fetched, Files = [.. latest.Values] };
    }
}
