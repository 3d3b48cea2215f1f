using Kiban.Loader.Stores;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Contents;
using Kiban.ObjectStore.Testing.Faults;

namespace Kiban.Loader.Tests.Stores.Listing;

/// <summary>Whatever a store does with its pages, every object comes, and comes once.</summary>
public sealed class ListingTests : IAsyncLifetime
{
    private StoreBench _bench = null!;
    private TestBucket _bucket = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.StartAsync();
        _bucket = _bench.Server.CreateBucket("data", isPublic: true);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    public static TheoryData<string, ListingHabits> Habits()
    {
        var data = new TheoryData<string, ListingHabits>();
        foreach (var scheme in new[] { "s3", "gs" })
        {
            data.Add(scheme, new ListingHabits { PageSize = 7 });
            data.Add(scheme, new ListingHabits { PageSize = 1 });
            data.Add(scheme, new ListingHabits { PageSize = 7, HasEmptyPages = true });
            data.Add(scheme, new ListingHabits { PageSize = 7, EndsWithEmptyPage = true });
        }

        data.Add("s3", new ListingHabits { PageSize = 7, ServesVersion2 = false });
        data.Add("s3", new ListingHabits { PageSize = 7, OverlooksVersion2 = true });
        data.Add("s3", new ListingHabits { PageSize = 7, RefusesRollUp = true });
        data.Add("s3", new ListingHabits { PageSize = 7, EncodesKeys = false });
        data.Add("s3", new ListingHabits { PageSize = 7, EncodesKeys = false, ServesVersion2 = false });
        return data;
    }

    [Theory]
    [MemberData(nameof(Habits))]
    public async Task Every_key_comes_once(string scheme, ListingHabits habits)
    {
        _bucket.Listing = habits;
        var keys = Enumerable.Range(0, 60).Select(i => $"tree/{(i % 4 == 3 ? "" : $"dir{i % 4}/sub{i % 3}/")}file {i:D3} +é\U0001F40D%20").ToArray();
        _bucket.PutAll(keys.Select(key => KeyValuePair.Create(key, ObjectContent.Of(key))));
        _bucket.Put("tree", "beside");
        _bucket.Put("tree-old/x", "beside");
        _bucket.Put("trea", "beside");
        var listed = await Open($"{scheme}://data/tree/").ListAsync();
        listed.Keys.ShouldBe(keys, ignoreOrder: true);
        listed.Values.ShouldAllBe(stored => "tree/" + stored.RelativePath == stored.Key && stored.Size == ObjectContent.Of(stored.Key).Length);
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("gs")]
    public async Task Long_listing_is_cut_at_directories_and_read_in_parallel(string scheme)
    {
        _bucket.Listing = new ListingHabits { PageSize = 10 };
        var keys = Enumerable.Range(0, 2000).Select(i => $"all/train/class-{i % 20:D2}/{i:D5}").ToArray();
        _bucket.PutAll(keys.Select(key => KeyValuePair.Create(key, ObjectContent.Of("x"))));
        _bench.Server.Faults.Add(new Fault(new FaultAction.Delay(TimeSpan.FromMilliseconds(5))) { Operations = StoreOperation.List });
        (await Open($"{scheme}://data/all/").ListAsync()).Keys.ShouldBe(keys, ignoreOrder: true);
        _bench.Server.Counts.MostAtOnce.ShouldBeGreaterThan(3);
        _bench.Server.Counts.Lists.ShouldBeLessThan(2000 / 10 + 60);
    }

    [Fact]
    public async Task Flat_listing_costs_few_requests_more_than_it_has_pages()
    {
        _bucket.Listing = new ListingHabits { PageSize = 10 };
        _bucket.PutAll(Enumerable.Range(0, 300).Select(i => KeyValuePair.Create($"flat/{i:D5}", ObjectContent.Of("x"))));
        (await Open("s3://data/flat/").ListAsync()).Count.ShouldBe(300);
        _bench.Server.Counts.Lists.ShouldBeLessThan(30 + 5);
    }

    [Fact]
    public async Task Listing_of_one_page_costs_one_request()
    {
        _bucket.PutAll(Enumerable.Range(0, 1000).Select(i => KeyValuePair.Create($"dir/{i % 3}/{i:D5}", ObjectContent.Of("x"))));
        (await Open("s3://data/dir/").ListAsync()).Count.ShouldBe(1000);
        _bench.Server.Counts.Lists.ShouldBe(1);
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("gs")]
    public async Task Markers_of_directories_are_left_out_and_empty_files_kept(string scheme)
    {
        _bucket.Put("dir/", "");
        _bucket.Put("dir/sub/", "");
        _bucket.Put("dir/sub/empty", "");
        (await Open($"{scheme}://data/dir/").ListAsync()).Keys.ShouldBe(["dir/sub/empty"]);
        (await Open($"{scheme}://data/dir").ListAsync()).Keys.ShouldBe(["dir/sub/empty"]);
    }

    [Theory]
    [InlineData("s3", false)]
    [InlineData("gs", false)]
    [InlineData("s3", true)]
    public async Task Source_without_a_slash_is_the_object_or_else_the_tree(string scheme, bool hasEmptyPages)
    {
        _bucket.Listing = new ListingHabits { HasEmptyPages = hasEmptyPages };
        _bucket.Put("a/file", "object");
        _bucket.Put("a/file.old", "beside");
        _bucket.Put("b/tree/x/y", "inside");
        _bucket.Put("b/tree.old", "beside");
        (await Open($"{scheme}://data/a/file").OnlyAsync()).RelativePath.ShouldBe("file");
        (await Open($"{scheme}://data/b/tree").OnlyAsync()).RelativePath.ShouldBe("x/y");
        (await Open($"{scheme}://data/b/non").ListAsync()).ShouldBeEmpty();
        (await Open($"{scheme}://data").ListAsync()).Count.ShouldBe(4);
        (await Open($"{scheme}://data/a/file/").ListAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("gs")]
    public async Task Object_beside_a_tree_of_its_name_shows_both(string scheme)
    {
        _bucket.Put("a/file", "object");
        _bucket.Put("a/file/", "");
        _bucket.Put("a/file/inside", "tree");
        (await Open($"{scheme}://data/a/file").ListAsync()).Values.Select(stored => stored.RelativePath).ShouldBe(["file", "file/inside"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<Contents><Key>dir/a</Key><Size>1</Size></Contents>")]
    public async Task Page_that_does_not_say_how_to_go_on_is_no_end_of_the_listing(string contents)
    {
        var page = $"<ListBucketResult><IsTruncated>true</IsTruncated>{contents}</ListBucketResult>";
        _bench.Server.Faults.Add(new Fault(new FaultAction.RawAnswer(200, "application/xml", page)) { Operations = StoreOperation.List });
        (await Open("s3://data/dir/").FailureOfListAsync()).Failure.ShouldBe(StoreFailure.Unavailable);
    }

    [Fact]
    public async Task Server_that_offers_the_same_page_for_ever_is_given_up()
    {
        const string Page = """
            <ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken></ListBucketResult>
            """;
        _bench.Server.Faults.Add(new Fault(new FaultAction.RawAnswer(200, "application/xml", Page)) { Operations = StoreOperation.List });
        (await Open("s3://data/dir/").FailureOfListAsync()).Failure.ShouldBe(StoreFailure.Unavailable);
    }

    [Fact]
    public async Task Fault_in_the_middle_of_a_parallel_listing_ends_it_with_that_fault()
    {
        _bucket.Listing = new ListingHabits { PageSize = 10 };
        _bucket.PutAll(Enumerable.Range(0, 2000).Select(i => KeyValuePair.Create($"all/{i % 20:D2}/{i:D5}", ObjectContent.Of("x"))));
        _bench.Server.Faults.Add(new Fault(new FaultAction.Answer(503, "SlowDown")) { Operations = StoreOperation.List, From = 40 });
        (await Open("s3://data/all/").FailureOfListAsync()).Failure.ShouldBe(StoreFailure.Throttled);
    }

    [Fact]
    public async Task Listing_that_is_not_read_to_its_end_leaves_nothing_running()
    {
        _bucket.Listing = new ListingHabits { PageSize = 10 };
        _bucket.PutAll(Enumerable.Range(0, 2000).Select(i => KeyValuePair.Create($"all/{i % 20:D2}/{i:D5}", ObjectContent.Of("x"))));
        await foreach (var _ in Open("s3://data/all/").ListAsync(TestContext.Current.CancellationToken))
            break;
        await foreach (var page in Open("s3://data/all/").ListAsync(TestContext.Current.CancellationToken))
        {
            if (page[0].Key.StartsWith("all/05/", StringComparison.Ordinal))
                break;
        }

        _bench.Server.Counts.Lists.ShouldBeLessThan(200);
    }

    private IObjectStore Open(string source) => _bench.Open(source, _bench.Options());
}
