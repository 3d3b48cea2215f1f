namespace Kiban.Loader.Progress;

/// <summary>One line of progress, for programs.</summary>
internal sealed record ProgressLine
{
    /// <summary>When, in UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary><c>Listing</c>, <c>Loading</c>, <c>Verifying</c>, <c>Loaded</c>, <c>Failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Bytes in place.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes in all; absent while listing.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Files in place.</summary>
    public required int Files { get; init; }

    /// <summary>Files in all; absent while listing.</summary>
    public int? TotalFiles { get; init; }

    /// <summary>Bytes a second, lately.</summary>
    public required long BytesPerSecond { get; init; }

    /// <summary>Seconds left at that rate; absent where it cannot be told.</summary>
    public long? SecondsLeft { get; init; }

    /// <summary>Whether nothing arrives.</summary>
    public required bool Stalled { get; init; }

    /// <summary>What there is to say besides; empty where there is nothing.</summary>
    public required string Message { get; init; }
}
