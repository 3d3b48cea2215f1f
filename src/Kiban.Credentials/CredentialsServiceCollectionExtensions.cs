using k8s;
using k8s.Models;
using Kiban.Credentials.Admission;
using Kiban.Credentials.Api;
using Kiban.Credentials.Validation;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Caching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kiban.Credentials;

/// <summary>Composes this part into a program.</summary>
public static class CredentialsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the webhooks of this part as <see cref="IAdmissionHandler"/>. The program provides an <c>IKubernetesClient</c> and
    /// <see cref="IResourceCaches"/>, of which three are used: all ServiceAccounts, and the Secrets of the two types, by field selector, so
    /// that other Secrets never leave the API server.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configuration">The section <see cref="CredentialsOptions.Section"/>.</param>
    public static IServiceCollection AddCredentials(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CredentialsOptions>().Bind(configuration, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CredentialsOptions>, CredentialsOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<CredentialsOptions>>().Value);
        services.AddSingleton<SecretRules>();
        services.AddSingleton<IResourceCache<AnnotatedServiceAccount>>(provider => Cache<AnnotatedServiceAccount>(provider, null));
        services.AddSingleton<IResourceCache<AwsSecret>>(provider => Cache<AwsSecret>(provider, $"type={CredentialsApi.Aws.SecretType}"));
        services.AddSingleton<IResourceCache<GcpSecret>>(provider => Cache<GcpSecret>(provider, $"type={CredentialsApi.Gcp.SecretType}"));
        services.AddSingleton<CredentialObjects>();
        services.AddSingleton<PodCredentials>();
        services.AddSingleton<IAdmissionHandler, SecretRenderingHandler>();
        services.AddSingleton<IAdmissionHandler, SecretValidationHandler>();
        services.AddSingleton<IAdmissionHandler, PodInjectionHandler>();
        services.AddSingleton<IAdmissionHandler, PodValidationHandler>();
        return services;
    }

    private static ResourceCache<T> Cache<T>(IServiceProvider provider, string? fieldSelector)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        provider.GetRequiredService<IResourceCaches>().Get(new ResourceCacheOptions<T> { FieldSelector = fieldSelector });
}
