using CsCheck;
using Kiban.Loader.Loading;
using Kiban.Loader.Tests.Stores;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Contents;
using Kiban.ObjectStore.Testing.Faults;

namespace Kiban.Loader.Tests.Loading;

/// <summary>Whatever a server does: identical content, or a reason; never another file under a final name.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;
    private const string Bucket = "data";

    private static readonly ObjectContent Replacement = ObjectContent.Generated(77, 11 * MiB);

    /// <summary>How often a Job would start the loader anew.</summary>
    private const int Attempts = 8;

    private StoreBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Faults that pass, by name.</summary>
    public static TheoryData<string> Passing { get; } = new(PassingFaults.Keys);

    private static Dictionary<string, Fault> PassingFaults => new()
    {
        ["reset at a byte"] = Few(new FaultAction.Reset(700_000)),
        ["reset after the headers"] = Few(new FaultAction.Reset(0)),
        ["reset before an answer"] = Few(new FaultAction.ResetBeforeAnswer()),
        ["stall in the body"] = Few(new FaultAction.Stall(300_000)),
        ["stall before an answer"] = Few(new FaultAction.StallBeforeAnswer()),
        ["short body"] = Few(new FaultAction.Shorten(100_000, PromisesAll: true)),
        ["short body with its true length"] = Few(new FaultAction.Shorten(100_000, PromisesAll: false)),
        ["a wrong byte"] = Few(new FaultAction.Corrupt(5)),
        ["500"] = Few(new FaultAction.Answer(500, "InternalError")),
        ["503 SlowDown"] = Few(new FaultAction.Answer(503, "SlowDown")),
        ["429 with Retry-After"] = new Fault(new FaultAction.Answer(429, "TooManyRequests") { RetryAfter = "1" }) { Times = 1 },
        ["a range that is ignored"] = Few(new FaultAction.IgnoreRange()),
        ["late answers"] = Few(new FaultAction.Delay(TimeSpan.FromMilliseconds(150))),
        ["a slow body"] = Few(new FaultAction.Throttle(30 * MiB)),
        ["a wrong ETag"] = Few(new FaultAction.Header("ETag", "\"other\"")),
        ["an object that changes"] = new Fault(new FaultAction.Change(Replacement)) { Key = "large", From = 2, Times = 1 },
        ["an object that changes, on a server that ignores conditions"] = new Fault(new FaultAction.Change(Replacement)) { Key = "large", From = 2, Times = 1 },
        ["a listing that fails"] = new Fault(new FaultAction.Answer(503, "SlowDown")) { Operations = StoreOperation.List, Times = 2 },
        ["a listing that breaks off"] = new Fault(new FaultAction.Reset(200)) { Operations = StoreOperation.List, Times = 2 },
        ["a listing of rubbish"] = new Fault(new FaultAction.RawAnswer(200, "text/html", "<html>Sign in</html>")) { Operations = StoreOperation.List, Times = 1 },
        ["questions for checksums that fail"] = new Fault(new FaultAction.Answer(500, "InternalError")) { Operations = StoreOperation.Head, Times = 3 },
    };

    public async ValueTask InitializeAsync() => _bench = await StoreBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_fault_that_passes_leaves_identical_content(string name)
    {
        using var volume = new TemporaryFolder();
        var bucket = Fill();
        var known = Versions(bucket);
        _bench.Server.Faults.Add(PassingFaults[name]);
        if (name.Contains("ignores conditions", StringComparison.Ordinal))
            _bench.Server.Faults.Add(new Fault(new FaultAction.IgnoreConditions()));

        (await LoadAsync(volume)).ShouldBeNull();

        RequireKnownContent(volume, known);
        RequireComplete(volume, bucket);
        _bench.Server.Faults.Injected.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("AccessDenied", 403, nameof(LoadReason.AccessDenied))]
    [InlineData("NoSuchBucket", 404, nameof(LoadReason.SourceNotFound))]
    public async Task A_refusal_ends_the_load_at_once_and_for_good(string code, int status, string reason)
    {
        using var volume = new TemporaryFolder();
        Fill();
        _bench.Server.Faults.Add(new Fault(new FaultAction.Answer(status, code)) { Operations = StoreOperation.List });

        (await LoadAsync(volume)).ToString().ShouldBe(reason);
        _bench.Server.Counts.Lists.ShouldBeLessThan(4);
    }

    [Fact]
    public async Task A_credential_that_loses_its_rights_half_way_ends_the_load_for_good()
    {
        using var volume = new TemporaryFolder();
        var known = Versions(Fill());
        _bench.Server.Faults.Add(new Fault(new FaultAction.Answer(403, "AccessDenied")) { From = 12 });

        (await LoadAsync(volume)).ShouldBe(LoadReason.AccessDenied);
        RequireKnownContent(volume, known);
    }

    [Fact]
    public async Task A_server_that_never_sends_is_a_stall_that_passes()
    {
        using var volume = new TemporaryFolder();
        Fill();
        _bench.Server.Faults.Add(new Fault(new FaultAction.Stall(10)));

        (await LoadAsync(volume, attempts: 1, giveUpAfter: TimeSpan.FromSeconds(2))).ShouldBe(LoadReason.Stalled);
    }

    [Fact]
    public async Task An_object_that_is_wrong_at_its_source_ends_the_load_for_good()
    {
        using var volume = new TemporaryFolder();
        var known = Versions(Fill());
        _bench.Server.Faults.Add("small/3", new FaultAction.Corrupt(5));

        (await LoadAsync(volume)).ShouldBe(LoadReason.ChecksumMismatch);
        File.Exists(volume.Path("small/3")).ShouldBeFalse();
        RequireKnownContent(volume, known);
    }

    [Fact]
    public async Task An_object_that_goes_away_half_way_ends_the_load_for_good()
    {
        using var volume = new TemporaryFolder();
        var known = Versions(Fill());
        _bench.Server.Faults.Add(new Fault(new FaultAction.Remove()) { Key = "large", From = 2 });

        (await LoadAsync(volume)).ShouldBe(LoadReason.SourceChanged);
        File.Exists(volume.Path("large")).ShouldBeFalse();
        RequireKnownContent(volume, known);
    }

    [Fact]
    public async Task Whatever_goes_wrong_together_a_file_is_right_or_not_there()
    {
        var actions = PassingFaults.Values.ToArray();
        await Gen.Select(Gen.Int[0, actions.Length - 1].Array[1, 5], Gen.Double[0.02, 0.25], Gen.Int[0, 1_000_000]).SampleAsync(
            async (chosen, probability, seed) =>
            {
                using var volume = new TemporaryFolder();
                var bucket = Fill();
                var known = Versions(bucket);
                _bench.Server.Faults.Clear();
                _bench.Server.Faults.Seed(seed);
                foreach (var fault in chosen.Distinct().Select(index => actions[index]))
                    _bench.Server.Faults.Add(fault with { Probability = probability, Times = 40 });

                var reason = await LoadAsync(volume);
                _bench.Server.Faults.Clear();
                RequireKnownContent(volume, known);
                if (reason is null)
                    RequireComplete(volume, bucket);
                else
                    reason.Value.ShouldBeOneOf(LoadReason.StoreUnavailable, LoadReason.Stalled, LoadReason.ChecksumMismatch, LoadReason.SourceChanged, LoadReason.EgressBudgetExceeded);
            },
            iter: 12, threads: 1);
    }

    private static Fault Few(FaultAction action) => new(action) { Times = 3 };

    private TestBucket Fill()
    {
        var bucket = _bench.Server.CreateBucket(Bucket, isPublic: true);
        bucket.Put(new StoredObject { Key = "large", Content = ObjectContent.Generated(1, 12 * MiB), HasCrc32C = false, HasCrc64Nvme = true });
        bucket.Put(new StoredObject { Key = "medium/a", Content = ObjectContent.Generated(2, 3 * MiB), IsComposite = true });
        bucket.Put(new StoredObject { Key = "medium/b", Content = ObjectContent.Of(ObjectContent.Generated(3, 2 * MiB).ToArray()), HasCrc32C = false });
        for (var index = 0; index < 20; index++)
            bucket.Put($"small/{index}", ObjectContent.Generated(10 + index, 1000 * index));
        return bucket;
    }

    private static Dictionary<string, List<ObjectContent>> Versions(TestBucket bucket)
    {
        var versions = bucket.Objects.Values.ToDictionary(stored => stored.Key, stored => new List<ObjectContent> { stored.Content });
        foreach (var contents in versions.Values)
            contents.Add(Replacement);
        return versions;
    }

    /// <summary>Loads, as often as a Job would.</summary>
    /// <returns>Null, or why it could not.</returns>
    private async Task<LoadReason?> LoadAsync(TemporaryFolder volume, int attempts = Attempts, TimeSpan? giveUpAfter = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var options = new LoadOptions
            {
                Into = volume.Root,
                Connections = 6,
                PartSize = MiB,
                EgressFactor = 20,
                Timing = new LoadTiming
                {
                    StallAfter = TimeSpan.FromMilliseconds(600),
                    GiveUpAfter = giveUpAfter ?? TimeSpan.FromSeconds(15),
                    FirstBackoff = TimeSpan.FromMilliseconds(5),
                    LongestBackoff = TimeSpan.FromMilliseconds(100),
                    PublishEvery = TimeSpan.FromMilliseconds(20),
                    CheckpointEvery = TimeSpan.FromMilliseconds(200),
                },
            };
            using var store = _bench.Open($"s3://{Bucket}/", _bench.Options() with { IsAnonymous = true });
            try
            {
                await new LoadRun([new LoadSource($"s3://{Bucket}/", store)], options, new LoadStatus(TimeProvider.System), TimeProvider.System).RunAsync(Cancel);
                return null;
            }
            catch (LoadException e)
            {
                if (!e.IsPassing || attempt == attempts)
                    return e.Reason;
            }
        }
    }

    private static void RequireKnownContent(TemporaryFolder volume, Dictionary<string, List<ObjectContent>> known)
    {
        foreach (var path in Directory.EnumerateFiles(volume.Root, "*", SearchOption.AllDirectories).Where(path => !path.Contains("/.kiban/", StringComparison.Ordinal)))
        {
            var key = Path.GetRelativePath(volume.Root, path);
            known[key].Any(content => content.IsSameAsFile(path)).ShouldBeTrue(key);
        }
    }

    private static void RequireComplete(TemporaryFolder volume, TestBucket bucket)
    {
        foreach (var stored in bucket.Objects.Values)
            File.Exists(volume.Path(stored.Key)).ShouldBeTrue(stored.Key);
    }
}
