using Kiban.Datasets.Admission;
using Kiban.Datasets.Api;
using Kiban.Datasets.Waiting;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;
using Microsoft.Extensions.DependencyInjection;

namespace Kiban.Datasets.Queueing;

/// <summary>Composes what keeps workloads out of Kueue's queues until their data is there.</summary>
internal static class QueueingRegistration
{
    public static IServiceCollection AddQueueing(this IServiceCollection services)
    {
        services.AddSingleton<IAdmissionHandler, QueuedWorkloadHandler>();
        services.AddSingleton<IConsumerTemplates, ConsumerTemplates>();
        return services
            .AddKind<QueuedKinds.Job>()
            .AddKind<QueuedKinds.Deployment>()
            .AddKind<QueuedKinds.StatefulSet>()
            .AddKind<QueuedKinds.PyTorchJob>()
            .AddKind<QueuedKinds.TensorFlowJob>()
            .AddKind<QueuedKinds.JobSet>()
            .AddKind<QueuedKinds.LeaderWorkerSet>()
            .AddKind<QueuedKinds.RayJob>()
            .AddKind<QueuedKinds.RayCluster>();
    }

    /// <summary>Has a controller look at the claims that held workloads wait for.</summary>
    public static ControllerBuilder WatchesConsumerTemplates(this ControllerBuilder controller) => controller
        .Watches(QueuedWorkload<QueuedKinds.Job>.ClaimsOf, QueuedWorkload<QueuedKinds.Job>.Cache)
        .Watches(QueuedWorkload<QueuedKinds.Deployment>.ClaimsOf, QueuedWorkload<QueuedKinds.Deployment>.Cache)
        .Watches(QueuedWorkload<QueuedKinds.StatefulSet>.ClaimsOf, QueuedWorkload<QueuedKinds.StatefulSet>.Cache)
        .Watches(QueuedWorkload<QueuedKinds.PyTorchJob>.ClaimsOf, QueuedWorkload<QueuedKinds.PyTorchJob>.Cache)
        .Watches(QueuedWorkload<QueuedKinds.TensorFlowJob>.ClaimsOf, QueuedWorkload<QueuedKinds.TensorFlowJob>.Cache)
        .Watches(QueuedWorkload<QueuedKinds.JobSet>.ClaimsOf, QueuedWorkload<QueuedKinds.JobSet>.Cache)
        .Watches(QueuedWorkload<QueuedKinds.LeaderWorkerSet>.ClaimsOf, QueuedWorkload<QueuedKinds.LeaderWorkerSet>.Cache)
        .Watches(QueuedWorkload<QueuedKinds.RayJob>.ClaimsOf, QueuedWorkload<QueuedKinds.RayJob>.Cache)
        .Watches(QueuedWorkload<QueuedKinds.RayCluster>.ClaimsOf, QueuedWorkload<QueuedKinds.RayCluster>.Cache);

    private static IServiceCollection AddKind<T>(this IServiceCollection services)
        where T : QueuedWorkload<T>
    {
        services.AddSingleton(new QueuedKind(ResourceKind.Of<T>()));
        services.AddSingleton<IResourceCache<T>>(provider =>
        {
            var workloads = provider.GetRequiredService<IResourceCaches>().Get(QueuedWorkload<T>.Cache);
            workloads.AddIndex(QueuedWorkload<T>.ByClaim, QueuedWorkload<T>.FiledUnder);
            return workloads;
        });
        services.AddSingleton<Func<NamespacedName, IEnumerable<QueuedWorkload>>>(provider =>
        {
            var workloads = provider.GetRequiredService<IResourceCache<T>>();
            return claim => workloads.FindByIndex(QueuedWorkload<T>.ByClaim, claim.ToString());
        });
        return services.AddController<QueueGateReconciler<T>>($"queue-gates-{ResourceKind.Of<T>().Plural}", controller => controller
            .For(QueuedWorkload<T>.Cache, QueueGateReconciler<T>.Matters)
            .Watches(QueueGateReconciler<T>.WorkloadsOf, DatasetCaches.Claims, DataGateReconciler.Matters));
    }
}
