namespace Kiban.LocalCluster.Binaries;

/// <summary>What a route has to say to a request: the programs, or why not.</summary>
public sealed record RouteAnswer
{
    private RouteAnswer()
    {
    }

    /// <summary>The programs, where the route served them.</summary>
    public KubernetesBinaries? Binaries { get; private init; }

    /// <summary>Otherwise one sentence that says why not, and what would help.</summary>
    public string? Reason { get; private init; }

    /// <summary>Here they are.</summary>
    public static RouteAnswer Served(KubernetesBinaries binaries) => new() { Binaries = binaries };

    /// <summary>Not by this route.</summary>
    public static RouteAnswer Declined(string reason) => new() { Reason = reason };
}
