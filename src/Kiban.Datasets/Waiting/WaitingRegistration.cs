using Kiban.Datasets.Admission;
using Kiban.Datasets.Api;
using Kiban.Datasets.Queueing;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;
using Kiban.Kubernetes.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Kiban.Datasets.Waiting;

/// <summary>Composes what reviews claims, makes Pods wait for them, and lets the Pods go.</summary>
internal static class WaitingRegistration
{
    public static IServiceCollection AddWaiting(this IServiceCollection services)
    {
        services.AddSingleton<ClaimLookup>();
        services.AddSingleton<ClaimReviewer>();
        services.AddSingleton<IAdmissionHandler, ClaimValidationHandler>();
        services.AddSingleton<IAdmissionHandler, PodWaitingHandler>();
        services.AddSingleton(provider => new DataGateReconciler(
            provider.GetRequiredService<IKubernetesClient>(), provider.GetRequiredService<IResourceCache<DatasetPod>>(),
            provider.GetRequiredService<IResourceCache<DatasetClaim>>(), provider.GetRequiredService<EventSink>().For("kiban.dev/datasets"),
            provider.GetRequiredService<TimeProvider>()));
        services.AddQueueing();
        return services.AddController<DataGateReconciler>("data-gates", controller => controller
            .For(DatasetCaches.Pods, DataGateReconciler.Matters)
            .Watches(DataGateReconciler.PodsOf, DatasetCaches.Claims, DataGateReconciler.Matters)
            .With(options => options with { MaxConcurrentReconciles = 8 }));
    }
}
