using Kiban.Kubernetes.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Events;

/// <summary>Registers the writing of events.</summary>
public static class EventServiceCollectionExtensions
{
    /// <summary>
    /// Adds the one <see cref="EventSink"/> of the program, from which every part takes its recorder. Call it before the parts are added:
    /// hosted services stop in the reverse order, and the last events are those of their ends.
    /// </summary>
    public static IServiceCollection AddEvents(this IServiceCollection services, Func<IServiceProvider, EventSinkOptions>? options = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new EventSink(
            provider.GetRequiredService<IKubernetesClient>(),
            options?.Invoke(provider) ?? new EventSinkOptions(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EventSink>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EventSink>(provider => provider.GetRequiredService<EventSink>()));
        return services;
    }
}
