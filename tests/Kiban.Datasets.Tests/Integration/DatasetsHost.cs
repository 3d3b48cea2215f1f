using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;
using Kiban.Kubernetes.Discovery;
using Kiban.Kubernetes.Events;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kiban.Datasets.Tests.Integration;

/// <summary>The controllers of this part, as a program runs them.</summary>
internal sealed class DatasetsHost : IAsyncDisposable
{
    private readonly IHost _host;

    private DatasetsHost(IHost host) => _host = host;

    public static async Task<DatasetsHost> StartAsync(IKubernetesClient client, params (string Setting, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(client);
        builder.Services.AddResourceCaches();
        builder.Services.AddEvents();
        builder.Services.TryAddSingleton<DiscoveryClient>();
        builder.Services.TryAddSingleton<ServerCapabilities>(provider => new ServerCapabilities(
            client, provider.GetRequiredService<DiscoveryClient>(), provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddDatasets(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Setting, (string?)setting.Value)))
            .Build());
        builder.Services.RemoveAll<IAdmissionHandler>();
        var host = new DatasetsHost(builder.Build());
        await host._host.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _host.StopAsync(patience.Token);
        _host.Dispose();
    }
}
