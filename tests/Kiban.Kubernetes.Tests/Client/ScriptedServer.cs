using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Tests.Client;

/// <summary>A real HTTP server in this process that answers as a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedServer(WebApplication app) => _app = app;

    public Uri Uri { get; private set; } = null!;

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    public SeenRequest Last => Requests.Last();

    /// <param name="answer">Answers one request.</param>
    /// <param name="https">Certificate, and other settings of TLS; null serves plain HTTP.</param>
    public static async Task<ScriptedServer> StartAsync(RequestDelegate answer, Action<HttpsConnectionAdapterOptions>? https = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (https is not null)
            {
                listen.UseHttps(https);
            }
        }));
        var app = builder.Build();
        var server = new ScriptedServer(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            server.Requests.Enqueue(new SeenRequest
            {
                Method = context.Request.Method,
                PathAndQuery = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                Headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                Body = await reader.ReadToEndAsync(),
                Protocol = context.Request.Protocol,
                ClientCertificate = context.Connection.ClientCertificate,
            });
            await answer(context);
        });
        await app.StartAsync();
        server.Uri = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        return server;
    }

    public static Task<ScriptedServer> StartAsync(X509Certificate2 certificate, RequestDelegate? answer = null) =>
        StartAsync(answer ?? AnswerOk, https => https.ServerCertificate = certificate);

    /// <summary>Any object.</summary>
    public static Task AnswerOk(HttpContext context) => AnswerJson(context, """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}""");

    public static async Task AnswerJson(HttpContext context, string json, int code = 200)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}
