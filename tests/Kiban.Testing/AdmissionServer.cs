using System.Net;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Controllers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kiban.Testing;

/// <summary>A part's webhooks, and its controllers where it has some, behind a real admission server that a real API server calls.</summary>
public sealed class AdmissionServer : IAsyncDisposable
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

    private AdmissionServer(WebApplication app) => _app = app;

    /// <summary>What runs in it.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts it, and has the webhooks registered.</summary>
    /// <param name="cluster">The API server.</param>
    /// <param name="addPart">Adds the part; client and caches are there.</param>
    public static async Task<AdmissionServer> StartAsync(ControlPlaneFixture cluster, Action<IServiceCollection> addPart)
    {
        await cluster.ApplyAsync(Configurations);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAdmission());
        builder.Services.AddSingleton(cluster.Client);
        builder.Services.AddResourceCaches();
        addPart(builder.Services);
        builder.Services.AddAdmission(options =>
        {
            options.ListenAddress = IPAddress.Loopback;
            options.Port = 0;
            options.Url = new Uri("https://127.0.0.1");
            options.DrainPeriod = TimeSpan.Zero;
        });
        var server = new AdmissionServer(builder.Build());
        await server.RunAsync();
        return server;
    }

    /// <inheritdoc/>
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
