namespace Kiban.LocalCluster.Binaries;

/// <summary>Which programs are wanted.</summary>
public sealed record BinaryRequest
{
    /// <summary>The release, or null where any will do: each route then offers its own (the newest it has).</summary>
    public KubernetesVersion? Version { get; init; }

    /// <summary>A folder of binaries that the user named. No other route is tried then.</summary>
    public string? Folder { get; init; }

    /// <summary>Programs that must be there.</summary>
    public IReadOnlyList<string> Programs { get; init; } = KubernetesBinaries.ControlPlanePrograms;
}
