using System.Net;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Discovery;

/// <summary>
/// What the server is and serves. Answers are kept for ten minutes (a server can be upgraded, and kinds be installed, under a running
/// program), or until <see cref="Forget"/>.
/// </summary>
public sealed class DiscoveryClient(IKubernetesClient client, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private const int RequestsAtOnce = 8;

    private readonly CachedAnswer<ServerVersion> _version = new(time, Lifetime);
    private readonly CachedAnswer<ApiCatalog> _catalog = new(time, Lifetime);

    /// <summary>Release of the server.</summary>
    public Task<ServerVersion> GetVersionAsync(CancellationToken cancellationToken) =>
        _version.GetAsync(async token => ServerVersion.Parse(await ReadAsync("/version", token)), cancellationToken);

    /// <summary>Everything the server serves.</summary>
    public Task<ApiCatalog> GetCatalogAsync(CancellationToken cancellationToken) => _catalog.GetAsync(ReadCatalogAsync, cancellationToken);

    /// <summary>Whether a kind is served in just the version that <paramref name="kind"/> names.</summary>
    public async Task<bool> IsServedAsync(ResourceKind kind, CancellationToken cancellationToken) =>
        (await GetCatalogAsync(cancellationToken)).IsServed(kind);

    /// <summary>The next question is asked of the server.</summary>
    public void Forget()
    {
        _version.Forget();
        _catalog.Forget();
    }

    private async Task<ApiCatalog> ReadCatalogAsync(CancellationToken cancellationToken)
    {
        var core = await ReadAsync("/api", cancellationToken);
        var groups = await ReadAsync("/apis", cancellationToken);
        var told = new[] { core, groups }.Where(AggregatedDiscovery.IsAnswer).SelectMany(answer => AggregatedDiscovery.Parse(answer!)).ToList();

        // Behind a gateway one of the two may be aggregated and the other not.
        var asked = LegacyDiscovery.Groups(
            AggregatedDiscovery.IsAnswer(core) ? null : core, AggregatedDiscovery.IsAnswer(groups) ? null : groups).ToList();
        var versions = asked.SelectMany(group => group.Versions.Select(version => (group.Group, Version: version))).ToList();
        var answers = new Dictionary<(string, string), IReadOnlyList<ApiResource>?>();
        await Parallel.ForEachAsync(versions, new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce, CancellationToken = cancellationToken }, async (version, token) =>
        {
            var resources = await ReadResourcesAsync(version.Group, version.Version, token);
            lock (answers)
            {
                answers[version] = resources;
            }
        });

        return new ApiCatalog(told.Concat(asked.Select(group => new ApiGroup(
            group.Group,
            [.. group.Versions.Where(version => answers[(group.Group, version)] is not null)],
            [.. group.Versions.SelectMany(version => answers[(group.Group, version)] ?? [])],
            [.. group.Versions.Where(version => answers[(group.Group, version)] is null)]))));
    }

    /// <summary>Null where the version is registered but its server is away.</summary>
    private async Task<IReadOnlyList<ApiResource>?> ReadResourcesAsync(string group, string version, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ReadAsync(group.Length == 0 ? $"/api/{version}" : $"/apis/{group}/{version}", cancellationToken);
            return [.. LegacyDiscovery.Resources(group, version, answer)];
        }
        catch (KubernetesException e) when (e.Code is HttpStatusCode.NotFound or >= HttpStatusCode.InternalServerError)
        {
            return null;
        }
    }

    private Task<JsonNode?> ReadAsync(string path, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Get, path, null, "application/json", cancellationToken, AggregatedDiscovery.Accept);
}
