using Kiban.ObjectStore.Testing.Contents;
namespace Kiban.Loader.Tests.Stores;

public sealed class SmokeTests
{
    [Fact]
    public async Task S3()
    {
        await using var bench = await StoreBench.StartAsync();
        var bucket = bench.Server.CreateBucket("data");
        bucket.Put("a/b c+d/ü.txt", "hello"); bucket.Put("a/", ""); bucket.Put("ab/x", "no"); bucket.Put("a/empty", "");
        bucket.Put("a/big", ObjectContent.Generated(1, 3_000_000));
        var store = bench.OpenS3("s3://data/a/");
        var all = await store.ListAsync();
        all.Keys.ShouldBe(["a/b c+d/ü.txt", "a/big", "a/empty"]);
        (await store.ReadAsync(all["a/b c+d/ü.txt"])).ShouldBe("hello"u8.ToArray());
        (await store.ReadAsync(all["a/big"], 100, 2_000_000)).ShouldBe(ObjectContent.Generated(1, 3_000_000).ToArray()[100..2_000_100]);
        (await store.DescribeAsync(all["a/big"], default)).Crc32C.ShouldNotBeNull();
    }

    [Fact]
    public async Task Google()
    {
        await using var bench = await StoreBench.StartAsync();
        var bucket = bench.Server.CreateBucket("data");
        bucket.Put("a/b c+d/ü.txt", "hello");
        bucket.Put("a/big", ObjectContent.Generated(1, 3_000_000));
        var dir = bench.CreateDirectory(("credentials.json", bench.Server.Google.CreateServiceAccount().CredentialsJson));
        var store = bench.Open("gs://data/a/", bench.Options(dir));
        var all = await store.ListAsync();
        all.Keys.ShouldBe(["a/b c+d/ü.txt", "a/big"]);
        (await store.ReadAsync(all["a/b c+d/ü.txt"])).ShouldBe("hello"u8.ToArray());
        (await store.ReadAsync(all["a/big"], 100, 2_000_000)).ShouldBe(ObjectContent.Generated(1, 3_000_000).ToArray()[100..2_000_100]);
    }

    [Fact]
    public async Task Web()
    {
        await using var bench = await StoreBench.StartAsync();
        bench.Server.CreateBucket("data", isPublic: true).Put("a/big", ObjectContent.Generated(1, 3_000_000));
        var store = bench.Open(bench.Server.WebEndpoint + "data/a/big", bench.Options());
        var big = await store.OnlyAsync();
        (await store.ReadAsync(big, 100, 2_000_000)).ShouldBe(ObjectContent.Generated(1, 3_000_000).ToArray()[100..2_000_100]);
        (await store.ReadAsync(big)).Length.ShouldBe(3_000_000);
    }
}
