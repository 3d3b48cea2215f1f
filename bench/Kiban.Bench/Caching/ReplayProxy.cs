using System.Net;
using Kiban.Kubernetes.Connection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kiban.Bench.Caching;

/// <summary>
/// Lets readers begin in the past. It passes requests on to the API server, except that the list of one collection is answered as empty, at
/// an old version. Whoever lists and then watches gets everything that happened since, out of the server's watch cache, as fast as
/// he can read.
/// </summary>
internal sealed class ReplayProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _server;
    private readonly KubernetesConnection _connection;
    private readonly string _collection;
    private readonly string _emptyList;
    private long _watchBegan;

    private ReplayProxy(KubernetesConnection connection, string collection, string kind, string version)
    {
        _connection = connection;
        _collection = collection;
        _emptyList = $$"""{"kind":"{{kind}}List","apiVersion":"v1","metadata":{"resourceVersion":"{{version}}"},"items":[]}""";
        _server = new HttpMessageInvoker(connection.CreateHandler());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(PassOnAsync);
    }

    /// <summary>Where readers connect, without TLS.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Time stamp of the last request to watch the collection.</summary>
    public long WatchBegan => Volatile.Read(ref _watchBegan);

    /// <summary>Starts the proxy before the server of <paramref name="connection"/>.</summary>
    public static async Task<ReplayProxy> StartAsync(
        KubernetesConnection connection, string collection, string kind, string version, CancellationToken cancellationToken)
    {
        var proxy = new ReplayProxy(connection, collection, kind, version);
        await proxy._app.StartAsync(cancellationToken);
        var addresses = proxy._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        proxy.Address = new Uri(addresses.Single());
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        var isWatch = context.Request.Query.ContainsKey("watch");
        if (context.Request.Path == _collection && !isWatch)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(_emptyList, context.RequestAborted);
            return;
        }
        if (context.Request.Path == _collection)
            Volatile.Write(ref _watchBegan, TimeProvider.System.GetTimestamp());

        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri(_connection.Server, context.Request.Path + context.Request.QueryString.ToString()))
        {
            Version = HttpVersion.Version20,
        };
        request.Headers.TryAddWithoutValidation("Accept", context.Request.Headers.Accept.ToArray());
        using var response = await _server.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
            var buffer = new byte[64 * 1024];
            while (await body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The reader has seen enough.
        }
    }
}
