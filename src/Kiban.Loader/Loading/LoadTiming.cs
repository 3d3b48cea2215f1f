namespace Kiban.Loader.Loading;

/// <summary>How patient a load is.</summary>
internal sealed record LoadTiming
{
    /// <summary>A range of which next to nothing arrived for this long is asked for again on another connection.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A load to which nothing at all arrived for this long ends; it can be continued.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest wait after the first failure of a range; it doubles with each further one.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait between two attempts.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often what was written is made durable while the load runs.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long finished small files are gathered before they are made durable together.</summary>
    public TimeSpan PublishEvery { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long to wait while another loader holds the volume.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the holder of a volume shows that it lives, for those to which the file system's locks do not reach.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);
}
