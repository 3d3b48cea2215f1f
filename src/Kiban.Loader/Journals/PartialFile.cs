using Kiban.Loader.Checksums;

namespace Kiban.Loader.Journals;

/// <summary>What an earlier load left of a file.</summary>
/// <param name="Id">Number of its temporary file.</param>
/// <param name="Durable">Stretches that are on the disk.</param>
/// <param name="Proven">Stretches that have their checksum now, but that a power cut could still take.</param>
internal sealed record PartialFile(uint Id, IReadOnlyList<Segment> Durable, IReadOnlyList<Segment> Proven)
{
    /// <summary>All of them.</summary>
    public IEnumerable<Segment> Segments => Durable.Concat(Proven);

    /// <summary>What a journal says of them that begins with what is durable.</summary>
    public IEnumerable<JournalRecord> Records(IEnumerable<Segment> segments) => segments.Select(segment => new JournalRecord.Written(Id, segment));
}
