using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Kiban.Kubernetes.Connection;

namespace Kiban.Loader.Stores.Connections;

/// <summary>
/// The connections of one store. Answers are given as they come: nothing is unpacked, no cookie kept, and headers are waited for no longer than the
/// options say. A broken connection and a server that cannot be reached become a <see cref="StoreException"/> here.
/// </summary>
internal sealed class StoreConnections : IDisposable
{
    private const int LargestDocument = 64 * 1024 * 1024;

    private readonly HttpMessageInvoker _http;
    private readonly StoreOptions _options;
    private readonly AddressRotation _addresses;
    private readonly CertificateTrust _trust;
    private readonly EnvironmentProxy? _proxy;

    /// <param name="options">What is the same for all stores.</param>
    /// <param name="followsRedirects">Whether an answer that leads elsewhere is followed, as web servers' are; those of buckets are not.</param>
    public StoreConnections(StoreOptions options, bool followsRedirects)
    {
        _options = options;
        _addresses = new AddressRotation(options.Resolve);
        _trust = new CertificateTrust(options.CertificateBundle is { } bundle ? ReadBundle(bundle) : null);
        _proxy = ProxyOf(options);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = followsRedirects,
            MaxAutomaticRedirections = 8,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            Proxy = _proxy,
            UseProxy = _proxy is not null,
            MaxConnectionsPerServer = options.MaxConnections,
            ConnectTimeout = options.ConnectTimeout,
            ConnectCallback = (context, cancellationToken) => _addresses.ConnectAsync(context.DnsEndPoint, cancellationToken),

            // New connections ask the name service again, so that a store's changed addresses are noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),

            // What is left of a range that nobody wants any more is not worth reading.
            MaxResponseDrainSize = 128 * 1024,
            ResponseDrainTimeout = TimeSpan.FromMilliseconds(250),
            ActivityHeadersPropagator = null,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = _trust.Validate;
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>Trusts these certificate authorities, in PEM, besides the machine's and the options'; in the place of those given before.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public void Trust(string? pem)
    {
        if (pem is not null)
            _trust.Change(pem);
    }

    /// <summary>Sends a request, and gives the answer when its headers are there.</summary>
    /// <exception cref="StoreException">No answer came.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Some web servers turn away clients without a name.
        request.Headers.TryAddWithoutValidation("User-Agent", "kiban-loader");
        using var limit = LimitOf(cancellationToken);
        try
        {
            return await _http.SendAsync(request, limit.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw NoAnswer(request, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreException(
                StoreFailure.Unavailable, $"{request.RequestUri!.Authority} cannot be reached within {_options.ConnectTimeout.TotalSeconds:0} s.", inner: e);
        }
        catch (HttpRequestException e)
        {
            throw Broken(request.RequestUri!, e);
        }
    }

    /// <summary>Reads an answer that is a document: a page of a listing, an error.</summary>
    /// <exception cref="StoreException">It does not come whole, or is far too large for one.</exception>
    public async Task<MemoryStream> ReadDocumentAsync(HttpRequestMessage request, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var limit = LimitOf(cancellationToken);
        try
        {
            await answer.Content.LoadIntoBufferAsync(LargestDocument, limit.Token);
            return new MemoryStream(await answer.Content.ReadAsByteArrayAsync(limit.Token));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw NoAnswer(request, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new StoreException(StoreFailure.Unavailable, $"{request.RequestUri!.Authority} broke off its answer.", inner: e);
        }
    }

    /// <summary>When the server wants to be asked again, from now.</summary>
    public TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _options.Time.GetUtcNow() => date - _options.Time.GetUtcNow(),
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _trust.Dispose();
    }

    private CancellationTokenSource LimitOf(CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.AnswerTimeout);
        return limit;
    }

    private StoreException NoAnswer(HttpRequestMessage request, Exception e) => new(
        StoreFailure.Unavailable, $"{request.RequestUri!.Authority} did not answer within {_options.AnswerTimeout.TotalSeconds:0} s.", inner: e);

    private StoreException Broken(Uri address, HttpRequestException e)
    {
        var socket = Find<SocketException>(e);
        if (Find<AuthenticationException>(e) is not null && Find<IOException>(e) is null)
        {
            return new StoreException(StoreFailure.Unsupported,
                $"The certificate of {address.Authority} is not for that name, or of an authority that is not trusted; "
                + "give the authority's certificate (ca_bundle, --ca-bundle), or the name that the certificate is for.", inner: e);
        }

        // Behind a proxy it is the proxy's name that was looked for.
        return socket?.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData && _proxy?.IsBypassed(address) != false
            ? new StoreException(StoreFailure.SourceNotFound, $"There is no host {address.Host}.", inner: e)
            : new StoreException(StoreFailure.Unavailable, $"{address.Authority} cannot be reached or broke the connection ({Reason(e, socket)}).", inner: e);
    }

    private static string Reason(HttpRequestException e, SocketException? socket) =>
        socket is not null ? socket.SocketErrorCode.ToString() : e.HttpRequestError.ToString();

    private static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
                return found;
        }

        return null;
    }

    private static EnvironmentProxy? ProxyOf(StoreOptions options)
    {
        try
        {
            return EnvironmentProxy.Create(options.Environment);
        }
        catch (FormatException e)
        {
            throw new StoreException(StoreFailure.Unsupported, e.Message, inner: e);
        }
    }

    private static string ReadBundle(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFailure.BadCredential, $"The certificate bundle {path} cannot be read ({e.GetType().Name}).", inner: e);
        }
    }
}
