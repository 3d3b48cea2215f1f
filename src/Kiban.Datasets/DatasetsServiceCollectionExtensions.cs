using k8s;
using k8s.Models;
using Kiban.Datasets.Admission;
using Kiban.Datasets.Api;
using Kiban.Datasets.Controllers;
using Kiban.Datasets.Loading;
using Kiban.Datasets.Queueing;
using Kiban.Datasets.Reuse;
using Kiban.Datasets.Waiting;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;
using Kiban.Kubernetes.Events;
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
        services.AddSingleton<IResourceCache<DatasetPod>>(provider =>
        {
            var pods = Cache(provider, DatasetCaches.Pods);
            pods.AddIndex(DatasetCaches.LoadersByClaim, DatasetCaches.LoadedBy);
            pods.AddIndex(DatasetCaches.ConsumersByClaim, DatasetCaches.WaitsFor);
            return pods;
        });
        services.AddSingleton<DatasetObjects>();
        services.AddSingleton<DatasetMetrics>();
        AddReuse(services);
        AddLoading(services);
        return services.AddWaiting();
    }

    private static void AddReuse(IServiceCollection services)
    {
        services.AddSingleton<IResourceCache<VolumeSnapshot>>(provider =>
        {
            var snapshots = Cache(provider, DatasetCaches.Snapshots);
            snapshots.AddIndex(DatasetCaches.SnapshotsBySource, snapshot => [$"{snapshot.Metadata.NamespaceProperty}/{snapshot.Metadata.Labels[DatasetsApi.SourceLabel]}"]);
            return snapshots;
        });
        services.AddSingleton(provider => new DatasetSnapshots(
            provider.GetRequiredService<IKubernetesClient>(), provider.GetRequiredService<IResourceCache<VolumeSnapshot>>(),
            Cache(provider, DatasetCaches.SnapshotClasses), Cache(provider, DatasetCaches.Classes),
            provider.GetRequiredService<DatasetsOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IAdmissionHandler, ClaimFillingHandler>();
        services.AddController<SnapshotReconciler>("dataset-snapshots", controller => controller.For(DatasetCaches.Snapshots));
    }

    private static void AddLoading(IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var jobs = Cache(provider, DatasetCaches.Jobs);
            jobs.AddIndex(DatasetCaches.JobsByClaim, job => [job.Metadata.Labels[DatasetsApi.ClaimUidLabel]]);
            return new LoaderJobs(provider.GetRequiredService<IKubernetesClient>(), jobs, provider.GetRequiredService<IResourceCache<DatasetPod>>());
        });
        services.AddSingleton(provider => new ClaimUsers(
            provider.GetRequiredService<IKubernetesClient>(), provider.GetRequiredService<IResourceCache<DatasetPod>>(),
            Cache(provider, DatasetCaches.Classes), provider.GetRequiredService<IConsumerTemplates>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<DatasetsOptions>();
            return new LoadSlots(options.MaxLoads, options.MaxLoadsPerNamespace, provider.GetRequiredService<LoaderJobs>().Running);
        });
        services.AddSingleton(provider => new ClaimReporter(
            provider.GetRequiredService<IKubernetesClient>(), provider.GetRequiredService<EventSink>().For("kiban.dev/datasets"),
            provider.GetRequiredService<DatasetsOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LoaderOutput>();
        services.AddSingleton<PodRefusals>();
        var freed = new ControllerTrigger();
        services.AddSingleton(freed);
        services.AddController<DatasetReconciler>("datasets", controller => controller
            .For(DatasetCaches.Claims, ClaimChanges.Matter)
            .Owns(DatasetCaches.Jobs)
            .Watches(ClaimChanges.ClaimsOf, DatasetCaches.Pods)
            .Watches(ClaimChanges.ClaimsOf, DatasetCaches.Classes)
            .WatchesConsumerTemplates()
            .Watches(ClaimChanges.ClaimOf, DatasetCaches.Snapshots)
            .TriggeredBy(freed)
            .With(options => options with { MaxConcurrentReconciles = 8, ReconcileTimeout = TimeSpan.FromMinutes(1) }));
    }

    private static ResourceCache<T> Cache<T>(IServiceProvider provider, ResourceCacheOptions<T> options)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        provider.GetRequiredService<IResourceCaches>().Get(options);
}
