namespace Kiban.Datasets;

/// <summary>Which snapshots of loads are kept.</summary>
public sealed class DatasetCacheOptions
{
    /// <summary>Whether snapshots are cut and used at all.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Age at which one goes.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How many a namespace keeps; the oldest go first.</summary>
    public int MaxSnapshotsPerNamespace { get; init; } = 20;

    /// <summary>Sum of the sizes a namespace keeps, a quantity; the oldest go first.</summary>
    public string MaxSizePerNamespace { get; init; } = "10Ti";
}
