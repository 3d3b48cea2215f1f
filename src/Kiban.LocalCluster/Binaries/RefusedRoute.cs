namespace Kiban.LocalCluster.Binaries;

/// <summary>A route that was tried in vain.</summary>
public sealed record RefusedRoute(string Route, string Reason);
