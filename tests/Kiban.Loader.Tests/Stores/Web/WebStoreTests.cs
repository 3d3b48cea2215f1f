using Kiban.Loader.Stores;
using Kiban.ObjectStore.Testing;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Contents;
using Kiban.ObjectStore.Testing.Faults;
using Kiban.ObjectStore.Testing.Web;

namespace Kiban.Loader.Tests.Stores.Web;

public sealed class WebStoreTests : IAsyncLifetime
{
    private static readonly byte[] Content = ObjectContent.Generated(1, 100_000).ToArray();

    private StoreBench _bench = null!;
    private TestBucket _bucket = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.StartAsync();
        _bucket = _bench.Server.CreateBucket("files", isPublic: true);
        _bucket.Put("dir/a file", Content);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    public static TheoryData<string, Action<WebHabits>> Servers() => new()
    {
        { "all", _ => { } },
        { "no HEAD", habits => habits.ServesHead = false },
        { "weak ETags", habits => habits.HasWeakETags = true },
        { "no ETags", habits => habits.HasETags = false },
        { "weak ETags and no dates", habits => (habits.HasWeakETags, habits.HasLastModified) = (true, false) },
        { "no versions", habits => (habits.HasETags, habits.HasLastModified) = (false, false) },
        { "no ranges", habits => habits.ServesRanges = false },
        { "no ranges and no HEAD", habits => (habits.ServesRanges, habits.ServesHead) = (false, false) },
        { "no length", habits => habits.TellsLength = false },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task File_is_read_whole_or_in_parts_as_far_as_the_server_can(string server, Action<WebHabits> set)
    {
        set(_bench.Server.Web);
        var store = Open();
        var file = await store.OnlyAsync();
        (file.Key, file.RelativePath).ShouldBe(("files/dir/a file", "a file"), server);
        file.Size.ShouldBe(_bench.Server.Web.TellsLength ? Content.Length : null);
        file.HasRanges.ShouldBe(_bench.Server.Web is { ServesRanges: true, TellsLength: true });
        (await store.ReadAsync(file)).ShouldBe(Content);
        if (file.HasRanges)
            (await store.ReadAsync(file, 99_990, 10)).ShouldBe(Content[99_990..]);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task File_that_changed_is_noticed_wherever_the_server_tells_versions(string server, Action<WebHabits> set)
    {
        set(_bench.Server.Web);
        var store = Open();
        var file = await store.OnlyAsync();
        _bucket.Put(new StoredObject { Key = "dir/a file", Content = ObjectContent.Generated(2, 100_000), LastModified = TimeProvider.System.GetUtcNow().AddHours(1) });
        if (file.Version is null)
            (await store.ReadAsync(file)).ShouldNotBe(Content, server);
        else
            (await store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Changed, server);
    }

    [Fact]
    public async Task Version_is_the_strong_ETag_or_else_the_time_of_change()
    {
        (await Open().OnlyAsync()).Version.ShouldBe(_bucket.Find("dir/a file")!.EffectiveETag);
        _bench.Server.Web.HasWeakETags = true;
        (await Open().OnlyAsync()).Version.ShouldBe(_bucket.Find("dir/a file")!.LastModified.ToString("R"));
    }

    [Theory]
    [InlineData(404, "SourceNotFound", "Changed")]
    [InlineData(410, "SourceNotFound", "Changed")]
    [InlineData(401, "AccessDenied", "AccessDenied")]
    [InlineData(403, "AccessDenied", "AccessDenied")]
    [InlineData(429, "Throttled", "Throttled")]
    [InlineData(500, "Unavailable", "Unavailable")]
    [InlineData(503, "Unavailable", "Unavailable")]
    [InlineData(400, "Unsupported", "Unsupported")]
    public async Task Refusal_becomes_a_failure_of_its_kind(int status, string whenLooked, string whenRead)
    {
        var store = Open();
        var file = await store.OnlyAsync();
        _bench.Server.Faults.Add(new Fault(new FaultAction.Answer(status, "")) { Operations = StoreOperation.Any });
        (await store.FailureOfReadAsync(file)).Failure.ShouldBe(Enum.Parse<StoreFailure>(whenRead));
        (await store.FailureOfListAsync()).Failure.ShouldBe(Enum.Parse<StoreFailure>(whenLooked));
    }

    [Fact]
    public async Task Empty_file_is_one()
    {
        _bucket.Put("dir/a file", "");
        var store = Open();
        var file = await store.OnlyAsync();
        file.Size.ShouldBe(0);
        (await store.ReadAsync(file)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Redirect_is_followed()
    {
        _bench.Server.Faults.Add(new Fault(new FaultAction.RawAnswer(302, "text/plain", "")) { Operations = StoreOperation.Any, Key = "moved" });
        _bench.Server.Faults.Add(new Fault(new FaultAction.Header("Location", new Uri(_bench.Server.WebEndpoint, "files/dir/a%20file").ToString())) { Operations = StoreOperation.Any, Key = "moved" });
        var store = _bench.Open($"{_bench.Server.WebEndpoint}files/moved", _bench.Options());
        var file = await store.OnlyAsync();
        file.RelativePath.ShouldBe("moved");
        (await store.ReadAsync(file, 10, 10)).ShouldBe(Content[10..20]);
    }

    [Fact]
    public async Task Own_authority_is_trusted_and_another_name_is_not()
    {
        await using var bench = await StoreBench.StartAsync(new TestObjectStoreOptions { UsesTls = true, TlsNamesLoopback = false });
        bench.Server.CreateBucket("files", isPublic: true).Put("file", "content");
        var bundle = Path.Combine(bench.CreateDirectory(("ca.pem", bench.Server.AuthorityPem!)), "ca.pem");
        var port = bench.Server.WebEndpoint.Port;
        var store = bench.Open($"https://localhost:{port}/files/file", bench.Options() with { CertificateBundle = bundle });
        (await store.ReadAsync(await store.OnlyAsync())).ShouldBe("content"u8.ToArray());
        (await bench.Open($"https://127.0.0.1:{port}/files/file", bench.Options() with { CertificateBundle = bundle }).FailureOfListAsync()).Failure.ShouldBe(StoreFailure.Unsupported);
        (await bench.Open($"https://localhost:{port}/files/file", bench.Options()).FailureOfListAsync()).Failure.ShouldBe(StoreFailure.Unsupported);
    }

    private IObjectStore Open() => _bench.Open($"{_bench.Server.WebEndpoint}files/dir/a%20file", _bench.Options());
}
