using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Counting;
using Kiban.ObjectStore.Testing.Faults;
using Kiban.ObjectStore.Testing.Google;
using Kiban.ObjectStore.Testing.S3;
using Kiban.ObjectStore.Testing.Serving;
using Kiban.ObjectStore.Testing.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kiban.ObjectStore.Testing;

/// <summary>
/// A server of objects for tests and benchmarks: the same buckets by S3's API, by Google Cloud Storage's JSON API and as files of a web server, on
/// a port each. It counts what is asked of it, and does wrong what it is told to do wrong.
/// </summary>
public sealed class TestObjectStore : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TestBucket> _buckets = [];
    private readonly ConcurrentDictionary<string, AccessKey> _keys = [];
    private readonly TestObjectStoreOptions _options;
    private readonly TestCertificateAuthority? _authority;
    private readonly X509Certificate2? _certificate;
    private readonly WebApplication _application;
    private long _generation = 1_700_000_000_000_000;

    private TestObjectStore(TestObjectStoreOptions options)
    {
        _options = options;
        Google = new GoogleTokens(options.Time);
        if (options.UsesTls)
        {
            _authority = new TestCertificateAuthority();
            _certificate = _authority.Issue(options.TlsNames, options.TlsNamesLoopback);
        }

        _application = Build();
    }

    /// <summary>Base address of the S3 API.</summary>
    public Uri S3Endpoint { get; private set; } = null!;

    /// <summary>Base address of Google's JSON API and of its token endpoints.</summary>
    public Uri GoogleEndpoint { get; private set; } = null!;

    /// <summary>Base address of the web server; the first part of a path is the bucket.</summary>
    public Uri WebEndpoint { get; private set; } = null!;

    /// <summary>What clients must trust where it serves by TLS.</summary>
    public string? AuthorityPem => _authority?.Pem;

    /// <summary>What goes wrong.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>What was asked for and sent.</summary>
    public RequestCounts Counts { get; } = new();

    /// <summary>Google's accounts and tokens.</summary>
    public GoogleTokens Google { get; }

    /// <summary>What the web server does and leaves undone.</summary>
    public WebHabits Web { get; } = new();

    /// <summary>Starts a server on loopback, with free ports and without TLS.</summary>
    public static Task<TestObjectStore> StartAsync(CancellationToken cancellationToken) => StartAsync(new TestObjectStoreOptions(), cancellationToken);

    /// <summary>Starts a server.</summary>
    public static async Task<TestObjectStore> StartAsync(TestObjectStoreOptions options, CancellationToken cancellationToken)
    {
        var store = new TestObjectStore(options);
        try
        {
            await store._application.StartAsync(cancellationToken);
            store.ReadAddresses();
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a bucket, without objects.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isPublic">Whether anybody may read it.</param>
    public TestBucket CreateBucket(string name, bool isPublic = false) =>
        _buckets[name] = new TestBucket(name, _options.Time, () => Interlocked.Increment(ref _generation)) { IsPublic = isPublic };

    /// <summary>Takes a bucket away with all in it.</summary>
    public void DeleteBucket(string name) => _buckets.TryRemove(name, out _);

    /// <summary>Lets a key open every bucket by S3's API; one of the same id is replaced.</summary>
    public void Admit(AccessKey key) => _keys[key.Id] = key;

    /// <summary>Forgets a key.</summary>
    public void Dismiss(string accessKeyId) => _keys.TryRemove(accessKeyId, out _);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Requests that stall on purpose would hold up an orderly stop.
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _application.StopAsync(atOnce.Token);
        await _application.DisposeAsync();
        Google.Dispose();
        _certificate?.Dispose();
        _authority?.Dispose();
    }

    private WebApplication Build()
    {
        var signatures = new SignatureCheck(_keys, _options.Time);
        var pipelines = new Dictionary<string, RequestPipeline>
        {
            ["s3"] = new(new S3Protocol(_buckets.GetValueOrDefault, signatures, _options, Counts), Faults, Counts),
            ["google"] = new(new GoogleProtocol(_buckets.GetValueOrDefault, Google, Counts), Faults, Counts),
            ["web"] = new(new WebProtocol(_buckets.GetValueOrDefault, Web, Counts), Faults, Counts),
        };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<IHostLifetime, GuestLifetime>();
        if (_certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxResponseBufferSize = 1024 * 1024;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);
            kestrel.Listen(_options.Address, _options.S3Port, listen => Set(listen, "s3"));
            kestrel.Listen(_options.Address, _options.GooglePort, listen => Set(listen, "google"));
            kestrel.Listen(_options.Address, _options.WebPort, listen => Set(listen, "web"));
        });
        var application = builder.Build();
        application.Run(context => pipelines[(string)context.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionItemsFeature>()!.Items[nameof(RequestPipeline)]!].ServeAsync(context));
        return application;
    }

    private void Set(ListenOptions listen, string protocol)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            Counts.Connected();
            connection.Items[nameof(RequestPipeline)] = protocol;
            return next(connection);
        });
        if (_certificate is not null)
            listen.UseHttps(_certificate);
    }

    private void ReadAddresses()
    {
        // In the order in which they were asked for.
        var addresses = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new UriBuilder(address) { Host = $"{IPAddress.Loopback}" }.Uri)
            .ToArray();
        (S3Endpoint, GoogleEndpoint, WebEndpoint) = (addresses[0], addresses[1], addresses[2]);
        Google.BaseAddress = GoogleEndpoint;
    }
}
