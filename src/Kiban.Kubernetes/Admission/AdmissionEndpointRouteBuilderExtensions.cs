using Kiban.Kubernetes.Observability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Admission;

/// <summary>Puts the webhooks on the routes of a web application.</summary>
public static class AdmissionEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves every <see cref="IAdmissionHandler"/> of the services (see <see cref="AdmissionServiceCollectionExtensions.AddAdmission"/>)
    /// by POST under its <see cref="AdmissionWebhook.Path"/>, over HTTPS only.
    /// </summary>
    /// <exception cref="InvalidOperationException">Two handlers have the same path.</exception>
    public static IEndpointConventionBuilder MapAdmission(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Kiban.Kubernetes.Admission");
        var group = endpoints.MapGroup("");
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var handler in services.GetServices<IAdmissionHandler>())
        {
            if (!paths.Add(handler.Webhook.Path))
                throw new InvalidOperationException($"Two admission handlers have the path {handler.Webhook.Path}.");
            var endpoint = new AdmissionEndpoint(
                handler,
                services.GetRequiredService<AdmissionOptions>(),
                services.GetRequiredService<AdmissionDrain>(),
                services.GetRequiredService<WebhookMetrics>().ForWebhook(handler.Webhook.Path),
                services.GetRequiredService<TimeProvider>(),
                logger);
            group.MapPost(handler.Webhook.Path, endpoint.HandleAsync);
        }

        return group;
    }
}
