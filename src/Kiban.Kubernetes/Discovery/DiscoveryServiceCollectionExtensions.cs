using Kiban.Kubernetes.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kiban.Kubernetes.Discovery;

/// <summary>Registers the questions about what the server serves.</summary>
public static class DiscoveryServiceCollectionExtensions
{
    /// <summary>Adds the one <see cref="DiscoveryClient"/> and the one <see cref="ServerCapabilities"/> of the program, which share their answers.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="probeNamespace">Namespace in which Pods may be created as a dry run; null: the release decides about Pods.</param>
    public static IServiceCollection AddDiscovery(this IServiceCollection services, Func<IServiceProvider, string>? probeNamespace = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DiscoveryClient>();
        services.TryAddSingleton(provider => new ServerCapabilities(
            provider.GetRequiredService<IKubernetesClient>(),
            provider.GetRequiredService<DiscoveryClient>(),
            provider.GetRequiredService<TimeProvider>(),
            probeNamespace?.Invoke(provider)));
        return services;
    }
}
