using Kiban.Kubernetes.Admission;
using Kiban.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kiban.Credentials.Tests.Integration;

/// <summary>The webhooks of this part behind a real admission server.</summary>
internal static class CredentialsServer
{
    /// <param name="cluster">The API server.</param>
    /// <param name="keep">Which handlers are registered; all of them by default.</param>
    public static Task<AdmissionServer> StartAsync(ControlPlaneFixture cluster, Func<IAdmissionHandler, bool>? keep = null) =>
        AdmissionServer.StartAsync(cluster, services =>
        {
            services.AddCredentials(new ConfigurationBuilder().Build());
            if (keep is not null)
                KeepHandlers(services, keep);
        });

    private static void KeepHandlers(IServiceCollection services, Func<IAdmissionHandler, bool> keep)
    {
        var handlers = services.Where(service => service.ServiceType == typeof(IAdmissionHandler)).Select(service => service.ImplementationType!).ToList();
        services.RemoveAll<IAdmissionHandler>();
        foreach (var type in handlers)
            services.AddSingleton(type);
        services.AddSingleton<IEnumerable<IAdmissionHandler>>(provider =>
            [.. handlers.Select(type => (IAdmissionHandler)provider.GetRequiredService(type)).Where(keep)]);
    }
}
