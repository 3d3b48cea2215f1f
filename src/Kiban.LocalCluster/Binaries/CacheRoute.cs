namespace Kiban.LocalCluster.Binaries;

/// <summary>What an earlier download or build left in the cache.</summary>
public sealed class CacheRoute : IBinaryRoute
{
    private readonly KubernetesCache _cache;

    /// <summary>Creates the route.</summary>
    public CacheRoute(KubernetesCache cache) => _cache = cache;

    /// <inheritdoc/>
    public string Name => "cache";

    /// <inheritdoc/>
    public async Task<RouteAnswer> TryAsync(BinaryRequest request, IProgress<BinaryProgress> progress, CancellationToken cancellationToken)
    {
        var present = _cache.Versions();
        var fitting = present.LastOrDefault(version => (request.Version ?? version) == version && IsWhole(version, request.Programs));
        if (fitting is not null)
        {
            return RouteAnswer.Served(await KubernetesBinaries.OpenAsync(_cache.FolderOf(fitting), cancellationToken));
        }

        return RouteAnswer.Declined(present.Count == 0
            ? $"{_cache.Root} is empty"
            : $"{_cache.Root} holds {string.Join(", ", present)}, and not {request.Version?.ToString() ?? "one"} with all of {string.Join(", ", request.Programs)}");
    }

    private bool IsWhole(KubernetesVersion version, IReadOnlyList<string> programs)
    {
        var binaries = new KubernetesBinaries(_cache.FolderOf(version), version);
        return programs.All(binaries.Has);
    }
}
