using System.Net;
using Kiban.Loader.Stores;
using Kiban.ObjectStore.Testing;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Contents;

namespace Kiban.Loader.Tests.Stores.S3;

/// <summary>How buckets are addressed, and found in other regions. Amazon's names lead to the test server, which has a certificate for them.</summary>
public sealed class S3AddressTests : IAsyncLifetime
{
    private StoreBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await StoreBench.StartAsync(new TestObjectStoreOptions
    {
        UsesTls = true,
        TlsNames = ["*.s3.us-east-1.amazonaws.com", "*.s3.eu-north-1.amazonaws.com", "s3.us-east-1.amazonaws.com", "s3.eu-north-1.amazonaws.com"],
        RedirectsToRegion = true,
    });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Bucket_of_Amazons_stands_in_the_host_name()
    {
        _bench.Server.CreateBucket("data").Put("a b/file", "content");
        var store = Open("s3://data/a%20b/");
        (await store.ReadAsync(await store.OnlyAsync())).ShouldBe("content"u8.ToArray());
        var read = _bench.Server.Counts.Requests[^1];
        (read.Host.Split(':')[0], read.Target).ShouldBe(("data.s3.us-east-1.amazonaws.com", "/a%20b/file"));
    }

    [Fact]
    public async Task Bucket_with_dots_stands_in_the_path()
    {
        _bench.Server.CreateBucket("my.data").Put("file", "content");
        await Open("s3://my.data/").OnlyAsync();
        var list = _bench.Server.Counts.Requests[^1];
        (list.Host.Split(':')[0], list.Target.StartsWith("/my.data/?")).ShouldBe(("s3.us-east-1.amazonaws.com", true));
    }

    [Theory]
    [InlineData("data")]
    [InlineData("my.data")]
    public async Task Bucket_in_another_region_is_found_there_and_asked_there_from_then_on(string bucket)
    {
        var elsewhere = _bench.Server.CreateBucket(bucket);
        elsewhere.Region = "eu-north-1";
        elsewhere.Put("file", "content");
        var store = Open($"s3://{bucket}/");
        var file = await store.OnlyAsync();
        _bench.Server.Counts.Total.ShouldBe(2);
        await store.ReadAsync(file);
        _bench.Server.Counts.Total.ShouldBe(3);
        _bench.Server.Counts.Requests[^1].Host.ShouldContain("eu-north-1");
    }

    [Fact]
    public async Task Region_is_found_by_a_request_without_a_body_too()
    {
        var elsewhere = _bench.Server.CreateBucket("data");
        elsewhere.Region = "eu-north-1";
        var stored = elsewhere.Put("file", "content");
        var file = new SourceObject { Key = "file", RelativePath = "file", Size = 7, Version = stored.EffectiveETag, LastModified = null };
        (await Open("s3://data/").DescribeAsync(file, TestContext.Current.CancellationToken)).Crc32C.ShouldBe(stored.Content.Crc32C);
    }

    [Fact]
    public async Task Certificate_of_an_unknown_authority_is_refused_for_good()
    {
        _bench.Server.CreateBucket("data");
        var e = await _bench.Open("s3://data/", Options() with { CertificateBundle = null }).FailureOfListAsync();
        (e.Failure, e.IsPassing, e.Message.Contains("certificate")).ShouldBe((StoreFailure.Unsupported, false, true));
    }

    [Fact]
    public async Task Certificate_for_another_name_is_refused_though_its_authority_is_trusted()
    {
        _bench.Server.CreateBucket("data");
        var e = await _bench.Open("s3://data/", Options() with { S3Endpoint = new Uri("https://another.example/") }).FailureOfListAsync();
        (e.Failure, e.Message.Contains("another.example")).ShouldBe((StoreFailure.Unsupported, true));
    }

    [Fact]
    public async Task Authority_that_the_secret_names_is_trusted()
    {
        _bench.Server.CreateBucket("data").Put("file", "content");
        var directory = _bench.AwsDirectory();
        File.WriteAllText(Path.Combine(directory, "ca_bundle"), _bench.Server.AuthorityPem);
        await _bench.Open("s3://data/", Options(directory) with { CertificateBundle = null, S3Endpoint = _bench.Server.S3Endpoint }).OnlyAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n")]
    public async Task Bundle_that_is_none_is_no_credential(string bundle)
    {
        var file = Path.Combine(_bench.CreateDirectory(("bundle", bundle)), "bundle");
        var e = await Should.ThrowAsync<StoreException>(() => _bench.Open("s3://data/", Options() with { CertificateBundle = file }).ListAsync());
        e.Failure.ShouldBe(StoreFailure.BadCredential);
    }

    [Fact]
    public async Task Path_style_only_server_is_served_by_its_endpoint()
    {
        await using var bench = await StoreBench.StartAsync(new TestObjectStoreOptions { IsPathStyleOnly = true });
        bench.Server.CreateBucket("data").Put("file", ObjectContent.Of("content"));
        var store = bench.OpenS3("s3://data/");
        (await store.ReadAsync(await store.OnlyAsync())).ShouldBe("content"u8.ToArray());
    }

    [Fact]
    public async Task Authority_of_the_secret_is_trusted_beside_that_of_the_options()
    {
        await using var other = await StoreBench.StartAsync(new TestObjectStoreOptions { UsesTls = true });
        _bench.Server.CreateBucket("data").Put("file", "content");
        var directory = _bench.AwsDirectory();
        File.WriteAllText(Path.Combine(directory, "ca_bundle"), other.Server.AuthorityPem);
        await _bench.Open("s3://data/", Options(directory)).OnlyAsync();
    }

    [Fact]
    public async Task Server_that_takes_no_connection_is_given_up()
    {
        using var full = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var address = (IPEndPoint)full.LocalEndPoint!;
        using var first = new System.Net.Sockets.TcpClient();
        await first.ConnectAsync(address, TestContext.Current.CancellationToken);
        var e = await _bench.Open("s3://data/", Options() with
        {
            S3Endpoint = new Uri($"http://{address}/"),
            Resolve = (_, _) => Task.FromResult<IPEndPoint[]>([address]),
            ConnectTimeout = TimeSpan.FromMilliseconds(200),
        }).FailureOfListAsync();
        (e.Failure, e.Message.Contains("cannot be reached")).ShouldBe((StoreFailure.Unavailable, true), e.Message);
    }

    private IObjectStore Open(string source) => _bench.Open(source, Options());

    /// <summary>Whatever name is asked for, the test server has it.</summary>
    private StoreOptions Options(string? directory = null) => _bench.Options(directory ?? _bench.AwsDirectory()) with
    {
        S3Endpoint = null,
        CertificateBundle = Path.Combine(_bench.CreateDirectory(("ca.pem", _bench.Server.AuthorityPem!)), "ca.pem"),
        Resolve = (_, _) => Task.FromResult<IPEndPoint[]>([new IPEndPoint(IPAddress.Loopback, _bench.Server.S3Endpoint.Port)]),
    };
}
