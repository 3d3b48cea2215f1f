using k8s;
using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Kubernetes.Caching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kiban.Datasets;

/// <summary>Composes this part into a program.</summary>
public static class DatasetsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the controllers and webhooks of this part. The program provides an <c>IKubernetesClient</c>, <see cref="IResourceCaches"/>, events and
    /// discovery. Cached are all claims (their names, and little more of those that ask for nothing) and the Pods that this part follows.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configuration">The section <see cref="DatasetsOptions.Section"/>.</param>
    public static IServiceCollection AddDatasets(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatasetsOptions>().Bind(configuration, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DatasetsOptions>, DatasetsOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<DatasetsOptions>>().Value);
        services.AddSingleton<IResourceCache<DatasetClaim>>(provider => Cache(provider, DatasetCaches.Claims));
        services.AddSingleton<IResourceCache<DatasetPod>>(provider => Cache(provider, DatasetCaches.Pods));
        services.AddSingleton<DatasetObjects>();
        return services;
    }

    private static ResourceCache<T> Cache<T>(IServiceProvider provider, ResourceCacheOptions<T> options)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        provider.GetRequiredService<IResourceCaches>().Get(options);
}
