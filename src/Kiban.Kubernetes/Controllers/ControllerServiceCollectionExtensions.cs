using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Leases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Kiban.Kubernetes.Controllers;

/// <summary>
/// Composes caches, controllers and leader election into a program, which provides the <c>IKubernetesClient</c> (a
/// <see cref="FencedKubernetesClient"/> where there is leader election).
/// </summary>
public static class ControllerServiceCollectionExtensions
{
    /// <summary>Adds the caches, which run as long as the host does.</summary>
    public static IServiceCollection AddResourceCaches(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ResourceCaches>();
        services.TryAddSingleton<IResourceCaches>(provider => provider.GetRequiredService<ResourceCaches>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ResourceCaches>(provider => provider.GetRequiredService<ResourceCaches>()));
        return services;
    }

    /// <summary>Adds a controller.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="name">Name in logs and metrics.</param>
    /// <param name="declare">Says what it is for, what it owns and watches, and how it works.</param>
    public static IServiceCollection AddController<TReconciler>(this IServiceCollection services, string name, Action<ControllerBuilder> declare)
        where TReconciler : class, IReconciler
    {
        services.AddResourceCaches();
        services.TryAddSingleton<ControllerHost>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ControllerHost>(provider => provider.GetRequiredService<ControllerHost>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILeaderWork, ControllerHost>(provider => provider.GetRequiredService<ControllerHost>()));
        services.TryAddSingleton<TReconciler>();
        var declaration = new ControllerBuilder(name);
        declare(declaration);
        services.AddSingleton(new ControllerRegistration(declaration, provider => provider.GetRequiredService<TReconciler>()));
        return services;
    }

    /// <summary>
    /// Adds leader election: the program competes for the lease, and controllers that need the leadership, and every other
    /// <see cref="ILeaderWork"/>, run only while it leads.
    /// </summary>
    public static IServiceCollection AddLeaderElection(this IServiceCollection services, Func<IServiceProvider, LeaderElectionOptions> options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton<LeaderElector>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LeaderService>());
        return services;
    }
}
