using Kiban.Datasets.Api;

namespace Kiban.Datasets.Reuse;

/// <summary>Whether a claim can be filled from a snapshot.</summary>
/// <param name="Snapshot">The snapshot; null where there is none that could serve.</param>
/// <param name="Refusal">Why one that is there cannot serve; null where there is none at all.</param>
internal sealed record SnapshotChoice(VolumeSnapshot? Snapshot, string? Refusal)
{
    /// <summary>Nothing is known of an equal load.</summary>
    public static SnapshotChoice None { get; } = new(null, null);
}
