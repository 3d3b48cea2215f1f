namespace Kiban.LocalCluster.Binaries;

/// <summary>A way to get the programs of a Kubernetes release.</summary>
public interface IBinaryRoute
{
    /// <summary>Name for people: <c>cache</c>.</summary>
    string Name { get; }

    /// <summary>Gets the programs, or says in one sentence why this route cannot.</summary>
    Task<RouteAnswer> TryAsync(BinaryRequest request, IProgress<BinaryProgress> progress, CancellationToken cancellationToken);
}
