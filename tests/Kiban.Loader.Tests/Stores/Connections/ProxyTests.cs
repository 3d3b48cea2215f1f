using Kiban.Loader.Stores;

namespace Kiban.Loader.Tests.Stores.Connections;

/// <summary>That stores go through the proxy that the environment names; the variables' meaning has its tests where it is written.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private StoreBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.StartAsync();
        _bench.Server.CreateBucket("data", isPublic: true).Put("file", "content");
        _bench.Environment["HTTP_PROXY"] = "http://user:s3cr3t@127.0.0.1:9";
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Store_elsewhere_is_asked_through_the_proxy()
    {
        var e = await _bench.Open("s3://data/", _bench.Options() with { S3Endpoint = new Uri("http://store.example/") }).FailureOfListAsync();
        (e.Failure, e.ToString().Contains("s3cr3t")).ShouldBe((StoreFailure.Unavailable, false));
    }

    [Fact]
    public async Task Proxy_that_is_not_found_is_no_store_that_is_not_there()
    {
        _bench.Environment["HTTP_PROXY"] = "http://proxy.example:3128";
        var e = await _bench.Open("s3://data/", _bench.Options() with
        {
            S3Endpoint = new Uri("http://store.example/"),
            Resolve = (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound),
        }).FailureOfListAsync();
        e.Failure.ShouldBe(StoreFailure.Unavailable);
    }

    [Fact]
    public Task Store_on_this_machine_is_asked_directly() => _bench.Open("s3://data/", _bench.Options()).OnlyAsync();

    [Fact]
    public void Proxy_that_is_none_is_told_without_its_password()
    {
        _bench.Environment["HTTPS_PROXY"] = "http://user:s3cr3t@:x";
        var e = Should.Throw<StoreException>(() => _bench.Open("s3://data/", _bench.Options()));
        (e.Failure, e.Message).ShouldBe((StoreFailure.Unsupported, "HTTPS_PROXY is no address of a proxy."));
    }
}
