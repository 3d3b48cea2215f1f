namespace Kiban.Loader.Progress;

/// <summary>How a program ended, for the Pod's termination message.</summary>
internal sealed record EndReport
{
    /// <summary><c>Loaded</c>, <c>Listed</c>, <c>Failed</c> or <c>Interrupted</c>.</summary>
    public required string State { get; init; }

    /// <summary>One of <see cref="LoadReason"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>One sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Digest of the content, where it is known.</summary>
    public string? Digest { get; init; }

    /// <summary>Bytes of all files.</summary>
    public long Bytes { get; init; }

    /// <summary>How many files.</summary>
    public int Files { get; init; }

    /// <summary>Bytes fetched over all attempts.</summary>
    public long FetchedBytes { get; init; }

    /// <summary>Bytes that were there already.</summary>
    public long ReusedBytes { get; init; }

    /// <summary>How long this program ran.</summary>
    public double Seconds { get; init; }
}
