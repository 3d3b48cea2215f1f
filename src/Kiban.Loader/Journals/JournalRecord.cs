using Kiban.Loader.Checksums;

namespace Kiban.Loader.Journals;

/// <summary>One thing that a load wrote down.</summary>
internal abstract record JournalRecord
{
    /// <summary>The first record: which load this is, and what it fetched over all attempts so far.</summary>
    internal sealed record Begin(string LoadId, long FetchedBytes) : JournalRecord;

    /// <summary>A temporary file was begun. Its number names it, here and in the folder of temporary files.</summary>
    internal sealed record Begun(uint Id, string Path, long? Size, string? Version) : JournalRecord;

    /// <summary>Bytes were written to a temporary file; a power cut may still lose them until a <see cref="Durable"/> record follows.</summary>
    internal sealed record Written(uint Id, Segment Segment) : JournalRecord;

    /// <summary>Every byte that records below this position of the journal speak of is on the disk.</summary>
    internal sealed record Durable(long Position) : JournalRecord;

    /// <summary>A temporary file is complete, verified and on the disk; from here on it may be under its own name.</summary>
    internal sealed record Verified(uint Id, long Size, long ModifiedNanoseconds, ulong Inode, uint? Crc32C) : JournalRecord;

    /// <summary>What was fetched for a file is worth nothing: it changed at its source, or was not what its source vouches for.</summary>
    internal sealed record Dropped(uint Id) : JournalRecord;

    /// <summary>What was fetched over all attempts so far, useful or not.</summary>
    internal sealed record Fetched(long TotalBytes) : JournalRecord;
}
