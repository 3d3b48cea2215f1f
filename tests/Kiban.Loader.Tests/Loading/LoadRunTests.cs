using Kiban.Loader.Loading;
using Kiban.Loader.Planning;
using Kiban.Loader.Stores;

namespace Kiban.Loader.Tests.Loading;

public sealed class LoadRunTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly TemporaryFolder _volume = new();
    private readonly MemoryStore _store = new();
    private readonly Random _random = new(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_is_loaded_with_its_time_and_readable_by_all()
    {
        _store.Put("large.bin", Bytes((20 * MiB) + 5));
        _store.Put("a/b/small.bin", Bytes(100));
        _store.Put("a/empty", []);

        var summary = await LoadAsync();

        RequireContent();
        summary.Files.ShouldBe(3);
        summary.Bytes.ShouldBe((20 * MiB) + 105);
        summary.FetchedBytes.ShouldBe(summary.Bytes);
        var file = new FileInfo(_volume.Path("a/b/small.bin"));
        file.LastWriteTimeUtc.ShouldBe(new DateTime(2024, 2, 29, 12, 0, 1, DateTimeKind.Utc));
        file.UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead);
        (new DirectoryInfo(_volume.Path("a/b")).UnixFileMode & (UnixFileMode.GroupWrite | UnixFileMode.OtherExecute | UnixFileMode.OtherRead))
            .ShouldBe(UnixFileMode.GroupWrite | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        Directory.EnumerateFileSystemEntries(_volume.Path(".kiban/partial")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_load_fetches_only_what_changed_and_removes_only_when_asked()
    {
        foreach (var name in (string[])["a", "b", "c/d"])
            _store.Put(name, Bytes(1000));
        var first = await LoadAsync();
        _store.Put("b", Bytes(500), "2");
        _store.Objects.TryRemove("c/d", out _);

        var second = await LoadAsync();
        second.FetchedBytes.ShouldBe(500);
        second.ReusedBytes.ShouldBe(1000);
        second.Digest.ShouldNotBe(first.Digest);
        File.Exists(_volume.Path("c/d")).ShouldBeTrue();
        RequireContent();

        // What is no longer loaded is no longer known, so only a load that finds it gone removes it.
        _store.Objects.TryRemove("b", out _);
        await LoadAsync(options => options with { Prunes = true });
        File.Exists(_volume.Path("b")).ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_written_when_a_key_is_unsafe()
    {
        _store.Put("good", Bytes(10));
        _store.Put("bad/../../etc/passwd", Bytes(10));

        var refused = await Should.ThrowAsync<LoadException>(() => LoadAsync());

        refused.Reason.ShouldBe(LoadReason.UnsafeKey);
        refused.Message.ShouldContain("bad/../../etc/passwd");
        File.Exists(_volume.Path("good")).ShouldBeFalse();
        _store.Served.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_object_that_changes_while_it_is_read_is_begun_anew_alone()
    {
        _store.Put("a", Bytes(1000));
        _store.Put("b", Bytes(40 * MiB));
        var replacement = Bytes(30 * MiB);
        _store.Opening = (source, offset) =>
        {
            if (source.Key == "b" && offset > 0 && source.Version == "1")
                _store.Put("b", replacement, "2");
            return Task.CompletedTask;
        };

        await LoadAsync(options => options with { PartSize = 8 * MiB });

        RequireContent();
        _store.Served["a"].ShouldBe(1000);
    }

    [Fact]
    public async Task An_object_that_never_rests_ends_the_load_for_good_and_leaves_no_file()
    {
        _store.Put("b", Bytes(1000));
        var version = 1;
        _store.Opening = (_, _) =>
        {
            _store.Put("b", Bytes(1000), $"{++version}");
            return Task.CompletedTask;
        };

        (await Should.ThrowAsync<LoadException>(() => LoadAsync())).Reason.ShouldBe(LoadReason.SourceChanged);
        File.Exists(_volume.Path("b")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_wrong_byte_never_gets_a_name()
    {
        _store.Put("a", Bytes(9 * MiB));
        _store.Checksums = _ => new ObjectChecksums { Crc64Nvme = 1 };

        var failed = await Should.ThrowAsync<LoadException>(() => LoadAsync(options => options with { EgressFactor = 100 }));

        failed.Reason.ShouldBe(LoadReason.ChecksumMismatch);
        failed.Message.ShouldContain("0000000000000001");
        File.Exists(_volume.Path("a")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task An_object_known_by_its_md5_is_verified_whatever_order_it_came_in(bool ranges, bool sizes)
    {
        _store.Put("a", Bytes((20 * MiB) + 1));
        _store.Offers = (ranges, sizes);
#pragma warning disable CA5351 // What S3 has for old objects.
        _store.Checksums = content => new ObjectChecksums { Md5 = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(content)) };
#pragma warning restore CA5351

        await LoadAsync();

        RequireContent();
    }

    [Fact]
    public async Task A_load_that_was_stopped_goes_on_inside_its_files()
    {
        _store.Put("a", Bytes(64 * MiB));
        _store.Put("small", Bytes(100));
        using var stop = new CancellationTokenSource();
        _store.Opening = async (_, offset) =>
        {
            if (offset == 40 * MiB)
                await stop.CancelAsync();
        };
        LoadOptions Options(LoadOptions options) => options with { PartSize = 8 * MiB, Connections = 1 };

        await Should.ThrowAsync<OperationCanceledException>(() => LoadAsync(Options, stop.Token));
        File.Exists(_volume.Path("a")).ShouldBeFalse();
        _store.Opening = null;
        var summary = await LoadAsync(Options);

        RequireContent();
        summary.ReusedBytes.ShouldBe(40 * MiB);
        summary.FetchedBytes.ShouldBe((64 * MiB) + 100);
    }

    [Fact]
    public async Task What_a_power_cut_took_from_a_temporary_file_is_fetched_again()
    {
        _store.Put("a", Bytes(64 * MiB));
        using var stop = new CancellationTokenSource();
        _store.Opening = async (_, offset) =>
        {
            if (offset == 32 * MiB)
                await stop.CancelAsync();
        };
        LoadOptions Options(LoadOptions options) => options with { PartSize = 8 * MiB, Connections = 1 };
        await Should.ThrowAsync<OperationCanceledException>(() => LoadAsync(Options, stop.Token));
        using (var partial = File.OpenWrite(Directory.EnumerateFiles(_volume.Path(".kiban/partial")).Single()))
        {
            partial.Position = 12 * MiB;
            partial.Write(new byte[4096]);
        }

        _store.Opening = null;
        var summary = await LoadAsync(Options);

        RequireContent();
        summary.ReusedBytes.ShouldBe(31 * MiB);
    }

    [Fact]
    public async Task The_budget_ends_a_load_that_fetches_the_same_again_and_again_and_counts_all_attempts()
    {
        _store.Put("a", Bytes(40 * MiB));
        _store.Checksums = _ => new ObjectChecksums { Crc32C = 1 };

        (await Should.ThrowAsync<LoadException>(() => LoadAsync(options => options with { EgressFactor = 1.5 }))).Reason.ShouldBe(LoadReason.EgressBudgetExceeded);
        var served = _store.Served["a"];
        (await Should.ThrowAsync<LoadException>(() => LoadAsync(options => options with { EgressFactor = 1.5 }))).Reason.ShouldBe(LoadReason.EgressBudgetExceeded);

        served.ShouldBeInRange(64 * MiB, 90 * MiB);
        (_store.Served["a"] - served).ShouldBeLessThan(40 * MiB + 1);
    }

    [Fact]
    public async Task An_empty_source_fails_unless_that_is_wanted()
    {
        (await Should.ThrowAsync<LoadException>(() => LoadAsync())).Reason.ShouldBe(LoadReason.SourceEmpty);
        (await LoadAsync(options => options with { AllowsEmpty = true })).Files.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_loader_waits_for_the_first_and_finds_its_work()
    {
        _store.Put("a", Bytes(1000));
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _store.Opening = (_, _) =>
        {
            entered.TrySetResult();
            return release.Task;
        };

        var first = LoadAsync();
        await entered.Task.WaitAsync(Cancel);
        var status = new LoadStatus(TimeProvider.System);
        var waits = new TaskCompletionSource();
        status.StateChanged += state =>
        {
            if (state.Message.Contains("another loader", StringComparison.Ordinal))
                waits.TrySetResult();
        };
        var second = LoadAsync(status: status);
        await waits.Task.WaitAsync(Cancel);
        release.SetResult();

        await first;
        (await second).FetchedBytes.ShouldBe(0);
        _store.Served["a"].ShouldBe(1000);
    }

    public void Dispose() => _volume.Dispose();

    private async Task<LoadSummary> LoadAsync(Func<LoadOptions, LoadOptions>? change = null, CancellationToken? cancellationToken = null, LoadStatus? status = null)
    {
        var options = new LoadOptions
        {
            Into = _volume.Root,
            Timing = new LoadTiming { PublishEvery = TimeSpan.FromMilliseconds(20), FirstBackoff = TimeSpan.FromMilliseconds(1), Heartbeat = TimeSpan.FromMilliseconds(100) },
        };
        var run = new LoadRun([new LoadSource("memory://store/", _store)], change?.Invoke(options) ?? options, status ?? new LoadStatus(TimeProvider.System), TimeProvider.System);
        return await run.RunAsync(cancellationToken ?? Cancel);
    }

    private void RequireContent()
    {
        foreach (var (key, (content, _)) in _store.Objects)
            File.ReadAllBytes(_volume.Path(key)).AsSpan().SequenceEqual(content).ShouldBeTrue(key);
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
