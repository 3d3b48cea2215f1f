using System.Net;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Kiban.Credentials.Tests.Integration;

/// <summary>The webhooks of this part behind a real admission server that a real API server calls.</summary>
internal sealed class CredentialsServer : IAsyncDisposable
{
    private const string Configurations = """
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: kiban-manager}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: kiban-manager}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: kiban-system}
        """;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _end = new();
    private Task _leader = Task.CompletedTask;

    private CredentialsServer(WebApplication app) => _app = app;

    /// <param name="cluster">The API server.</param>
    /// <param name="keep">Which handlers are registered; all of them by default.</param>
    public static async Task<CredentialsServer> StartAsync(ControlPlaneFixture cluster, Func<IAdmissionHandler, bool>? keep = null)
    {
        await cluster.ApplyAsync(Configurations);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAdmission());
        builder.Services.AddSingleton(cluster.Client);
        builder.Services.AddSingleton<ResourceCaches>();
        builder.Services.AddSingleton<IResourceCaches>(services => services.GetRequiredService<ResourceCaches>());
        builder.Services.AddHostedService(services => services.GetRequiredService<ResourceCaches>());
        builder.Services.AddCredentials(new ConfigurationBuilder().Build());
        if (keep is not null)
            KeepHandlers(builder.Services, keep);
        builder.Services.AddAdmission(options =>
        {
            options.ListenAddress = IPAddress.Loopback;
            options.Port = 0;
            options.Url = new Uri("https://127.0.0.1");
            options.DrainPeriod = TimeSpan.Zero;
        });
        var server = new CredentialsServer(builder.Build());
        await server.RunAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _leader;
        }
        catch (OperationCanceledException)
        {
            // How the leader's work ends.
        }
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _end.Dispose();
    }

    private static void KeepHandlers(IServiceCollection services, Func<IAdmissionHandler, bool> keep)
    {
        var handlers = services.Where(service => service.ServiceType == typeof(IAdmissionHandler)).Select(service => service.ImplementationType!).ToList();
        services.RemoveAll<IAdmissionHandler>();
        foreach (var type in handlers)
            services.AddSingleton(type);
        services.AddSingleton<IEnumerable<IAdmissionHandler>>(provider =>
            [.. handlers.Select(type => (IAdmissionHandler)provider.GetRequiredService(type)).Where(keep)]);
    }

    private async Task RunAsync()
    {
        _app.MapAdmission();
        await _app.StartAsync();
        var port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        _app.Services.GetRequiredService<AdmissionOptions>().Url = new Uri($"https://127.0.0.1:{port}");
        _leader = _app.Services.GetRequiredService<AdmissionLeader>().RunAsync(_end.Token);
        await _app.Services.GetRequiredService<IResourceCaches>().WaitForSyncAsync(_end.Token);
    }
}
