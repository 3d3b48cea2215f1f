using Kiban.LocalCluster.Binaries.Debian;
using Kiban.LocalCluster.Binaries.Download;

namespace Kiban.LocalCluster.Binaries;

/// <summary>Tries the routes to the programs in order: a folder the user names, the cache, the release's download site, Debian's source package.</summary>
public sealed class BinaryResolver
{
    private readonly IReadOnlyList<IBinaryRoute> _routes;

    /// <summary>Creates a resolver over the given routes.</summary>
    public BinaryResolver(IReadOnlyList<IBinaryRoute> routes) => _routes = routes;

    /// <summary>The four routes.</summary>
    /// <param name="downloadBase">Address of the download site; null for the official one.</param>
    /// <param name="time">Clock.</param>
    public static BinaryResolver CreateDefault(Uri? downloadBase, TimeProvider time)
    {
        var cache = KubernetesCache.OfUser();
        return new BinaryResolver(
        [
            new NamedFolderRoute(),
            new CacheRoute(cache),
            new DownloadRoute(cache, downloadBase ?? DownloadRoute.OfficialSite, time),
            new DebianSourceRoute(cache, time),
        ]);
    }

    /// <summary>The first route's answer that serves the request.</summary>
    /// <exception cref="LocalClusterException">None does; the message names each route with its reason.</exception>
    public async Task<ResolvedBinaries> ResolveAsync(BinaryRequest request, IProgress<BinaryProgress> progress, CancellationToken cancellationToken)
    {
        var refused = new List<RefusedRoute>();
        foreach (var route in _routes)
        {
            var answer = await route.TryAsync(request, progress, cancellationToken);
            if (answer.Binaries is { } binaries)
            {
                return new ResolvedBinaries(binaries, route.Name, refused);
            }

            refused.Add(new RefusedRoute(route.Name, answer.Reason!));
            progress.Report(new BinaryProgress(route.Name, answer.Reason!) { IsLasting = true });
        }

        var reasons = string.Concat(refused.Select(refusal => $"\n  {refusal.Route}: {refusal.Reason}"));
        throw new LocalClusterException($"No route leads to the programs of Kubernetes{(request.Version is { } version ? $" {version}" : "")}:{reasons}");
    }
}
