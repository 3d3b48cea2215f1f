using Kiban.Kubernetes.Admission.Registration;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Certificates;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Observability;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Admission;

/// <summary>Adds the admission server to a program.</summary>
public static class AdmissionServiceCollectionExtensions
{
    /// <summary>Name of the health check that is healthy while the certificate in use chains to the registered <c>caBundle</c>.</summary>
    public const string HealthCheckName = "admission-certificate";

    /// <summary>
    /// Adds everything that serves the <see cref="IAdmissionHandler"/>s of the services. Needed besides: an <see cref="IKubernetesClient"/>,
    /// <see cref="IResourceCaches"/> that run, and in the web application
    /// <see cref="AdmissionKestrelExtensions.ListenAdmission"/> and <see cref="AdmissionEndpointRouteBuilderExtensions.MapAdmission"/>;
    /// <see cref="AdmissionLeader.RunAsync"/> is to run in the replica that leads. The health check <see cref="HealthCheckName"/> (tag <c>ready</c>)
    /// belongs to readiness, not to liveness.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting is impossible; the message names each that is.</exception>
    public static IServiceCollection AddAdmission(this IServiceCollection services, Action<AdmissionOptions>? configure = null)
    {
        var options = new AdmissionOptions();
        configure?.Invoke(options);
        var problems = options.Certificates.Validate().ToList();
        if (problems.Count > 0)
            throw new InvalidOperationException(string.Join(" ", problems));

        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(options.Certificates);
        services.TryAddSingleton<WebhookMetrics>();
        services.TryAddSingleton<CertificateMetrics>();
        services.AddSingleton(new CertificateIssuer(options.Certificates, options.ServingNames));
        services.AddSingleton<CertificateRotation>();
        services.AddSingleton<ServingCertificate>();
        services.AddSingleton<AdmissionDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<AdmissionDrain>());
        services.AddSingleton<AdmissionObserver>();
        services.AddHostedService(provider => provider.GetRequiredService<AdmissionObserver>());
        services.AddSingleton(provider => new CertificateKeeper(
            provider.GetRequiredService<IKubernetesClient>(), options.Namespace, options.Certificates, provider.GetRequiredService<CertificateRotation>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<CertificateKeeper>>()));
        services.AddSingleton(provider => new WebhookRegistration(
            options, provider.GetServices<IAdmissionHandler>().Select(handler => handler.Webhook)));
        services.AddSingleton<MatchConditionsProbe>();
        services.AddSingleton(provider => new SystemNamespaceLabels(
            provider.GetRequiredService<IKubernetesClient>(), options, provider.GetRequiredService<ILogger<SystemNamespaceLabels>>()));
        services.AddSingleton<AdmissionReachability>();
        services.AddSingleton<WebhookRegistrar>();
        services.AddSingleton(provider => new AdmissionLeader(
            provider.GetRequiredService<IKubernetesClient>(), provider.GetRequiredService<AdmissionObserver>(), options,
            provider.GetRequiredService<CertificateKeeper>(), provider.GetRequiredService<WebhookRegistrar>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AdmissionLeader>>()));
        services.AddHealthChecks()
            .AddCheck<ServingCertificateHealthCheck>(HealthCheckName, HealthStatus.Unhealthy, ["ready"])
            .AddCheck<AdmissionDrainHealthCheck>("admission-drain", HealthStatus.Unhealthy, ["ready"]);
        return services;
    }
}
