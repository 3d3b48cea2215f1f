using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Certificates;
using Kiban.Kubernetes.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>One replica of an admission server: a real web server with TLS on a loopback port, composed as a program would compose it.</summary>
internal sealed class AdmissionServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AdmissionServer(WebApplication app, MemoryLog log)
    {
        (_app, Log) = (app, log);
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        Http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is X509Certificate2 presented && Certificate.Current?.Certificate.Thumbprint == presented.Thumbprint,
            },
        })
        {
            BaseAddress = new Uri($"https://127.0.0.1:{Port}"),
            // As API servers do, offer HTTP/2.
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
        };
    }

    public int Port { get; }

    /// <summary>A client that trusts exactly the certificate that is meant to be served now.</summary>
    public HttpClient Http { get; }

    public MemoryLog Log { get; }

    public IServiceProvider Services => _app.Services;

    public AdmissionLeader Leader => Services.GetRequiredService<AdmissionLeader>();

    public ServingCertificate Certificate => Services.GetRequiredService<ServingCertificate>();

    /// <summary>What a Service would take it for.</summary>
    public bool IsReady => Certificate.Problem() is null && !Services.GetRequiredService<AdmissionDrain>().IsDraining;

    public static async Task<AdmissionServer> StartAsync(
        IKubernetesClient client, IEnumerable<IAdmissionHandler> handlers, Action<AdmissionOptions>? configure = null, TimeProvider? time = null)
    {
        var log = new MemoryLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAdmission());
        builder.Services.AddSingleton(client);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<ResourceCaches>();
        builder.Services.AddSingleton<IResourceCaches>(services => services.GetRequiredService<ResourceCaches>());
        builder.Services.AddHostedService(services => services.GetRequiredService<ResourceCaches>());
        foreach (var handler in handlers)
            builder.Services.AddSingleton(handler);
        builder.Services.AddAdmission(options =>
        {
            options.ListenAddress = IPAddress.Loopback;
            options.Port = 0;
            options.DrainPeriod = TimeSpan.Zero;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapAdmission();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new AdmissionServer(app, log);
    }

    /// <summary>The readiness checks' words; empty when the replica is ready.</summary>
    public async Task<string> ReadinessAsync()
    {
        var report = await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        return string.Join("; ", report.Entries.Values.Where(entry => entry.Status != HealthStatus.Healthy).Select(entry => entry.Description));
    }

    public Task<HttpResponseMessage> PostAsync(string pathAndQuery, string body) => PostAsync(pathAndQuery, Encoding.UTF8.GetBytes(body));

    public Task<HttpResponseMessage> PostAsync(string pathAndQuery, byte[] body) => Http.PostAsync(
        pathAndQuery,
        new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        TestContext.Current.CancellationToken);

    /// <summary>Sends a review and returns its <c>response</c>.</summary>
    public async Task<JsonObject> ReviewAsync(string pathAndQuery, string review)
    {
        using var answer = await PostAsync(pathAndQuery, review);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonNode.Parse(body)!["response"]!.AsObject();
    }

    /// <summary>Stops as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(Log.ToString());
    }
}
