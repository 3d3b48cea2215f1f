using System.IO.Compression;
using Kiban.Loader.Stores;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Contents;
using Kiban.ObjectStore.Testing.Faults;

namespace Kiban.Loader.Tests.Stores.Google;

public sealed class GoogleStoreTests : IAsyncLifetime
{
    private StoreBench _bench = null!;
    private TestBucket _bucket = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.StartAsync();
        _bucket = _bench.Server.CreateBucket("data", isPublic: true);
        _bucket.Put("dir/file", ObjectContent.Generated(1, 100_000));
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Whole_and_parts_are_the_objects_bytes_and_both_checksums_are_listed()
    {
        var store = Open("gs://data/dir/");
        var file = await store.OnlyAsync();
        var content = ObjectContent.Generated(1, 100_000);
        (file.Checksums.Crc32C, file.Checksums.Md5).ShouldBe((content.Crc32C, content.Md5));
        (await store.ReadAsync(file)).ShouldBe(content.ToArray());
        (await store.ReadAsync(file, 65_000, 1000)).ShouldBe(content.ToArray()[65_000..66_000]);
        _bench.Server.Counts.Requests.ShouldAllBe(request => request.Operation == StoreOperation.List || request.Target.Contains($"generation={file.Version}"));
    }

    [Fact]
    public async Task Composed_object_has_no_md5()
    {
        _bucket.Put(new StoredObject { Key = "dir/file", Content = ObjectContent.Of("x"), IsComposite = true });
        (await Open("gs://data/dir/").OnlyAsync()).Checksums.ShouldBe(new ObjectChecksums { Crc32C = ObjectContent.Of("x").Crc32C });
    }

    [Fact]
    public async Task Key_with_slashes_and_odd_letters_is_one_part_of_the_path()
    {
        _bucket.Put("dir/a b/ü?#%.txt", "odd");
        var store = Open("gs://data/dir/a%20b/");
        (await store.ReadAsync(await store.OnlyAsync())).ShouldBe("odd"u8.ToArray());
        _bench.Server.Counts.Requests[^1].Target.ShouldContain("/o/dir%2Fa%20b%2F%C3%BC%3F%23%25.txt?");
    }

    [Fact]
    public async Task Object_stored_packed_comes_packed_so_that_size_and_checksums_fit()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(new byte[50_000]);
        _bucket.Put(new StoredObject { Key = "packed", Content = ObjectContent.Of(packed.ToArray()), ContentEncoding = "gzip" });
        var store = Open("gs://data/packed");
        var file = await store.OnlyAsync();
        (await store.ReadAsync(file)).ShouldBe(packed.ToArray());
        (await store.ReadAsync(file, 5, 20)).ShouldBe(packed.ToArray()[5..25]);
    }

    [Fact]
    public async Task Object_packed_on_its_way_is_refused()
    {
        var store = Open("gs://data/dir/");
        var file = await store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.Header("Content-Encoding", "gzip"));
        (await store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Unavailable);
    }

    [Fact]
    public async Task Object_that_changed_is_noticed_by_the_generation()
    {
        var store = Open("gs://data/dir/");
        var file = await store.OnlyAsync();
        _bucket.Put("dir/file", ObjectContent.Generated(2, 100_000));
        (await store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Changed);
        _bench.Server.Faults.Add(file.Key, new FaultAction.IgnoreConditions());
        (await store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Changed);
        _bucket.Delete("dir/file");
        (await store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Changed);
    }

    [Theory]
    [InlineData(500, "backendError", "Unavailable")]
    [InlineData(503, "backendError", "Unavailable")]
    [InlineData(408, "", "Unavailable")]
    [InlineData(429, "rateLimitExceeded", "Throttled")]
    [InlineData(403, "userRateLimitExceeded", "Throttled")]
    [InlineData(403, "forbidden", "AccessDenied")]
    [InlineData(401, "authError", "AccessDenied")]
    [InlineData(404, "notFound", "Changed")]
    [InlineData(412, "conditionNotMet", "Changed")]
    [InlineData(416, "requestedRangeNotSatisfiable", "Changed")]
    [InlineData(400, "invalid", "Unsupported")]
    public async Task Refusal_of_a_read_becomes_a_failure_of_its_kind(int status, string reason, string failure)
    {
        var store = Open("gs://data/dir/");
        var file = await store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.Answer(status, reason));
        var e = await store.FailureOfReadAsync(file);
        (e.Failure, e.Message.Contains("gs://data/dir/file")).ShouldBe((Enum.Parse<StoreFailure>(failure), true));
    }

    [Fact]
    public async Task Bucket_that_is_not_there_and_one_that_is_private_are_told_apart()
    {
        (await Open("gs://absent/").FailureOfListAsync()).Failure.ShouldBe(StoreFailure.SourceNotFound);
        _bench.Server.CreateBucket("private");
        (await Open("gs://private/").FailureOfListAsync()).Failure.ShouldBe(StoreFailure.AccessDenied);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"items":[{"name":"x"}]}""")]
    [InlineData("""{"items":[{"name":"x","size":"1","generation":"1","crc32c":"?"}]}""")]
    public async Task Listing_that_is_none_may_be_better_later(string body)
    {
        _bench.Server.Faults.Add(new Fault(new FaultAction.RawAnswer(200, "application/json", body)) { Operations = StoreOperation.List });
        (await Open("gs://data/").FailureOfListAsync()).Failure.ShouldBe(StoreFailure.Unavailable);
    }

    [Fact]
    public async Task Requesters_who_pay_name_their_project_and_others_do_not()
    {
        _bucket.IsRequesterPays = true;
        var refused = await Open("gs://data/dir/").FailureOfListAsync();
        (refused.Failure, refused.Message.Contains("project")).ShouldBe((StoreFailure.AccessDenied, true));

        var store = _bench.Open("gs://data/dir/", _bench.Options() with { RequesterPaysProject = "payer-1" });
        await store.ReadAsync(await store.OnlyAsync());
        _bench.Server.Counts.Requests[^1].Target.ShouldContain("userProject=payer-1");
    }

    [Fact]
    public async Task Project_of_the_secret_pays_only_where_the_bucket_asks_for_it()
    {
        var account = _bench.Server.Google.CreateServiceAccount();
        var directory = _bench.CreateDirectory(("credentials.json", account.CredentialsJson), ("project", "payer-2\n"));
        var store = _bench.Open("gs://data/dir/", _bench.Options(directory));
        var file = await store.OnlyAsync();
        _bench.Server.Counts.Requests.ShouldAllBe(request => !request.Target.Contains("userProject"));
        _bucket.IsRequesterPays = true;
        await store.ReadAsync(file);
        _bench.Server.Counts.Requests[^1].Target.ShouldContain("userProject=payer-2");
    }

    private IObjectStore Open(string source) => _bench.Open(source, _bench.Options());
}
