namespace Kiban.LocalCluster.Binaries;

/// <summary>Where the programs came from.</summary>
/// <param name="Binaries">The programs.</param>
/// <param name="Route">Name of the route that served them.</param>
/// <param name="Refused">The routes before it, and why they did not.</param>
public sealed record ResolvedBinaries(KubernetesBinaries Binaries, string Route, IReadOnlyList<RefusedRoute> Refused);
