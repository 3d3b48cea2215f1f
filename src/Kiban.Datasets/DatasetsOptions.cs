namespace Kiban.Datasets;

/// <summary>What an operator can decide about data sets; the settings live under <see cref="Section"/> in the manager's configuration.</summary>
public sealed class DatasetsOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Datasets";

    /// <summary>Loads at once in the cluster.</summary>
    public int MaxLoads { get; init; } = 64;

    /// <summary>Loads at once in one namespace.</summary>
    public int MaxLoadsPerNamespace { get; init; } = 8;

    /// <summary>The loader's Pods.</summary>
    public LoaderOptions Loader { get; init; } = new();

    /// <summary>Time for which the Job of a finished load stays, with its log; a failed one stays until it is mended.</summary>
    public TimeSpan JobRetention { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Shortest time between two looks at a running load, and between two writes of its condition.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Snapshots of loads, from which later claims are filled.</summary>
    public DatasetCacheOptions Cache { get; init; } = new();
}
