using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;
using Kiban.Kubernetes.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Kiban.Kubernetes.Tests.Documentation;

/// <summary>Composes the part into a program.</summary>
internal static class TeamsServiceCollectionExtensions
{
    public static IServiceCollection AddTeams(this IServiceCollection services)
    {
        services.AddSingleton<IResourceCache<V1ConfigMap>>(provider => provider.GetRequiredService<IResourceCaches>().Get(TeamCaches.Sizes));
        services.AddSingleton<IResourceCache<V1ResourceQuota>>(provider => provider.GetRequiredService<IResourceCaches>().Get(TeamCaches.Quotas));
        services.AddSingleton<IResourceCache<V1Namespace>>(provider =>
        {
            var teams = provider.GetRequiredService<IResourceCaches>().Get(TeamCaches.Namespaces);
            teams.AddIndex(TeamCaches.BySize, team => [TeamRules.SizeOf(team)]);
            return teams;
        });
        services.AddSingleton(provider => provider.GetRequiredService<EventSink>().For("example.dev/teams"));
        return services.AddController<TeamReconciler>("teams", controller => controller
            .For(TeamCaches.Namespaces, isClusterScoped: true)
            .Owns(TeamCaches.Quotas)
            .Watches(TeamsOfSizes, TeamCaches.Sizes)
            .With(options => options with { MaxConcurrentReconciles = 4 }));
    }

    private static IEnumerable<NamespacedName> TeamsOfSizes(V1ConfigMap sizes, IResourceCaches caches) =>
        from size in sizes.Data?.Keys ?? []
        from team in caches.Get(TeamCaches.Namespaces).FindByIndex(TeamCaches.BySize, size)
        select team.Key();
}
