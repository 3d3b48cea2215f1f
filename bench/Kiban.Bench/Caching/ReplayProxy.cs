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
/// Lets readers begin in the past. It records the watch of one collection, as objects and as tables, and passes other requests on to the API
/// server. The list of the collection is answered as empty, at the version where the record begins, and its watch from the record: whoever
/// lists and then watches gets everything that happened, byte for byte as the server sent it, as fast as he can read.
/// </summary>
internal sealed class ReplayProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _server;
    private readonly KubernetesConnection _connection;
    private readonly string _collection;
    private readonly string _version;
    private readonly string _emptyList;
    private readonly string _folder = Directory.CreateTempSubdirectory("kiban-bench-").FullName;
    private long _watchBegan;

    private ReplayProxy(KubernetesConnection connection, string collection, string kind, string version)
    {
        _connection = connection;
        _collection = collection;
        _version = version;
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

    /// <summary>How the last watch of the collection ended; null while it is open.</summary>
    public string? LastEnd { get; private set; }

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

    /// <summary>Records until the given number of events has come, in both forms.</summary>
    public Task RecordAsync(int events, CancellationToken cancellationToken) => Task.WhenAll(
        RecordAsync("application/json", RecordOf(asTable: false), events, cancellationToken),
        RecordAsync("application/json;as=Table;v=v1;g=meta.k8s.io", RecordOf(asTable: true), events, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string RecordOf(bool asTable) => Path.Combine(_folder, asTable ? "table" : "objects");

    private async Task RecordAsync(string accept, string file, int events, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, $"{_collection}?watch=true&resourceVersion={_version}&timeoutSeconds=7200", accept, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var record = File.Create(file);
        var buffer = new byte[64 * 1024];
        for (var seen = 0; seen < events;)
        {
            var count = await body.ReadAsync(buffer, cancellationToken);
            if (count == 0)
                throw new InvalidOperationException($"The watch ended after {seen} of {events} events.");
            await record.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            seen += buffer.AsSpan(0, count).Count((byte)'\n');
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string pathAndQuery, string? accept, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, new Uri(_connection.Server, pathAndQuery)) { Version = HttpVersion.Version20 };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return _server.SendAsync(request, cancellationToken);
    }

    private async Task PassOnAsync(HttpContext context)
    {
        var accept = context.Request.Headers.Accept.ToString();
        if (context.Request.Path != _collection)
        {
            using var response = await SendAsync(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString.ToString(), accept, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
            return;
        }

        context.Response.ContentType = "application/json";
        if (!context.Request.Query.ContainsKey("watch"))
        {
            await context.Response.WriteAsync(_emptyList, context.RequestAborted);
            return;
        }

        LastEnd = null;
        Volatile.Write(ref _watchBegan, TimeProvider.System.GetTimestamp());
        try
        {
            await context.Response.SendFileAsync(RecordOf(asTable: accept.Contains("as=Table", StringComparison.Ordinal)), context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Usually because the reader has seen enough.
            LastEnd = $"ended with: {exception.Message}";
        }
    }
}
