using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Connection;

/// <summary>
/// Authenticates every request and sends it over pooled connections. A request that is answered with 401 is sent once more where there
/// are newer credentials. A new client certificate gets new connections; requests under way end on the old ones.
/// </summary>
internal sealed partial class ConnectionHandler : HttpMessageHandler
{
    private readonly KubernetesConnection _connection;
    private readonly CredentialSource _credentials;
    private readonly ServerCertificateValidator _validator;
    private readonly IWebProxy? _proxy;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private Pool? _pool;
    private bool _disposed;

    public ConnectionHandler(KubernetesConnection connection, CredentialSource credentials, ILogger logger)
    {
        _connection = connection;
        _credentials = credentials;
        _logger = logger;
        _validator = new ServerCertificateValidator(connection);
        _proxy = connection.Proxy is { } proxy ? ProxySettings.To(proxy) : ProxySettings.FromEnvironment();
        if (connection.SkipTlsVerify && connection.Server.Scheme == Uri.UriSchemeHttps)
        {
            LogSkipTlsVerify(connection.Server);
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_connection.TlsServerName is { } name)
        {
            // The handler below takes SNI and the name to check from here; nothing else would set both behind a proxy, too.
            request.Headers.Host = name;
        }

        _connection.Impersonate?.AddTo(request);

        var credential = await _credentials.GetAsync(cancellationToken);
        var response = await SendAsync(request, credential, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized
            && await _credentials.RenewAsync(credential, cancellationToken) is { } renewed)
        {
            LogRenewed(_connection.Server);
            response.Dispose();
            response = await SendAsync(request, renewed, cancellationToken);
        }

        return response;
    }

    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _disposed = true;
            _pool?.Invoker.Dispose();
            _pool = null;
        }

        (_credentials as IDisposable)?.Dispose();
        base.Dispose(disposing);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Credential credential, CancellationToken cancellationToken)
    {
        if (credential.Authorization is not null)
        {
            request.Headers.Authorization = credential.Authorization;
        }

        return InvokerFor(credential.Certificate).SendAsync(request, cancellationToken);
    }

    private HttpMessageInvoker InvokerFor(ClientCertificate? certificate)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_pool is null || _pool.Thumbprint != certificate?.Thumbprint)
            {
                // Disposed, a pool closes what is idle and lets what is under way come to its end.
                _pool?.Invoker.Dispose();
                _pool = new Pool(new HttpMessageInvoker(CreateHandler(certificate)), certificate?.Thumbprint);
            }

            return _pool.Invoker;
        }
    }

    [SuppressMessage("Security", "CA5359:Do Not Disable Certificate Validation", Justification = "The validator refuses by throwing, so that the error can say why.")]
    private SocketsHttpHandler CreateHandler(ClientCertificate? certificate) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = _validator.Validate,
            ClientCertificateContext = certificate?.Context,
        },
        Proxy = _proxy,
        UseProxy = _proxy is not null,
        RequestHeaderEncodingSelector = _connection.Impersonate is null ? null : Impersonation.HeaderEncoding,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = _connection.DisableCompression ? DecompressionMethods.None : DecompressionMethods.GZip,
        EnableMultipleHttp2Connections = true,
        // A peer that is gone without a word (a failed node, a forgotten NAT entry) is found in 45 s; a watch would else wait for ever.
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        KeepAlivePingDelay = _connection.PingDelay,
        KeepAlivePingTimeout = _connection.PingTimeout,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        // Cancelled watches close their HTTP/1.1 connection at once instead of reading on.
        ResponseDrainTimeout = TimeSpan.Zero,
        ConnectCallback = ConnectAsync,
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // What the HTTP/2 pings do, for HTTP/1.1.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "{Server} refused the credentials (401); trying newer ones")]
    private partial void LogRenewed(Uri server);

    [LoggerMessage(EventId = 111, Level = LogLevel.Warning, Message = "The certificate of {Server} is not checked (insecure-skip-tls-verify)")]
    private partial void LogSkipTlsVerify(Uri server);

    private sealed record Pool(HttpMessageInvoker Invoker, string? Thumbprint);
}
