using Kiban.Datasets.Admission;
using Kiban.Kubernetes.Admission;
using Microsoft.Extensions.DependencyInjection;

namespace Kiban.Datasets.Waiting;

/// <summary>Composes what reviews claims and makes Pods wait for them.</summary>
internal static class WaitingRegistration
{
    public static IServiceCollection AddWaiting(this IServiceCollection services)
    {
        services.AddSingleton<ClaimLookup>();
        services.AddSingleton<ClaimReviewer>();
        services.AddSingleton<IAdmissionHandler, ClaimValidationHandler>();
        services.AddSingleton<IAdmissionHandler, PodWaitingHandler>();
        return services;
    }
}
