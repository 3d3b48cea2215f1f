using Kiban.Loader.Checksums;

namespace Kiban.Loader.Journals;

/// <summary>What a journal says of one temporary file.</summary>
internal sealed record JournaledFile
{
    /// <summary>Its number.</summary>
    public required uint Id { get; init; }

    /// <summary>Where it is to go, below the volume.</summary>
    public required string Path { get; init; }

    /// <summary>Size of the object, bytes; null where it was not known.</summary>
    public required long? Size { get; init; }

    /// <summary>Version of the object.</summary>
    public required string? Version { get; init; }

    /// <summary>Stretches that are surely on the disk.</summary>
    public required IReadOnlyList<Segment> Durable { get; init; }

    /// <summary>Stretches that were written, but that a power cut may have lost since: to be read and compared with their checksum.</summary>
    public required IReadOnlyList<Segment> Unproven { get; init; }

    /// <summary>Where it was found complete and right: what a rename of it must have left under its own name.</summary>
    public JournalRecord.Verified? Verified { get; init; }
}
