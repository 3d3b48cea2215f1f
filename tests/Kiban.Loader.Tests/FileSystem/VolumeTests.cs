using Kiban.Loader.FileSystem;
using Kiban.Loader.Journals;
using Kiban.Loader.Loading;
using Kiban.Loader.Tests.Loading;

namespace Kiban.Loader.Tests.FileSystem;

public sealed class VolumeTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claim_that_is_too_small_is_told_before_anything_is_fetched()
    {
        using var volume = new SmallVolume("size=8m");
        _store.Put("a", new byte[5 * MiB]);
        _store.Put("b", new byte[5 * MiB]);

        var failed = await Should.ThrowAsync<LoadException>(() => LoadAsync(volume.Root));

        failed.Reason.ShouldBe(LoadReason.InsufficientSpace);
        failed.Message.ShouldContain("10.0 MiB");
        _store.Served.ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_few_inodes_are_told_before_anything_is_fetched()
    {
        using var volume = new SmallVolume("size=8m,nr_inodes=30");
        for (var index = 0; index < 40; index++)
            _store.Put($"{index}", [1]);

        (await Should.ThrowAsync<LoadException>(() => LoadAsync(volume.Root))).Message.ShouldContain("inodes");
        _store.Served.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_others_fill_half_way_ends_the_load_and_a_larger_one_continues_it()
    {
        using var volume = new SmallVolume("size=64m");
        for (var index = 0; index < 10; index++)
            _store.Put($"{index}", new byte[4 * MiB]);
        var isFilled = false;
        _store.Opening = (source, _) =>
        {
            if (source.Key == "5" && !isFilled)
            {
                isFilled = true;
                using var filler = File.Create(Path.Combine(volume.Root, "filler"));
                try
                {
                    filler.Write(new byte[64 * MiB]);
                    filler.Flush();
                }
                catch (IOException)
                {
                    // Full is what it is to be.
                }
            }

            return Task.CompletedTask;
        };

        var failed = await Should.ThrowAsync<LoadException>(() => LoadAsync(volume.Root));
        failed.Reason.ShouldBe(LoadReason.InsufficientSpace);
        foreach (var file in Directory.EnumerateFiles(volume.Root).Where(file => Path.GetFileName(file) != "filler"))
            new FileInfo(file).Length.ShouldBe(4 * MiB);

        File.Delete(Path.Combine(volume.Root, "filler"));
        var summary = await LoadAsync(volume.Root);
        summary.Files.ShouldBe(10);
        summary.ReusedBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_replaced_file_counts_until_its_successor_is_there()
    {
        using var volume = new SmallVolume("size=20m");
        _store.Put("a", new byte[12 * MiB]);
        await LoadAsync(volume.Root);
        _store.Put("a", new byte[12 * MiB], "2");

        (await Should.ThrowAsync<LoadException>(() => LoadAsync(volume.Root))).Reason.ShouldBe(LoadReason.InsufficientSpace);
        File.Exists(Path.Combine(volume.Root, "a")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_group_of_the_volume_is_passed_on()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "giving a directory to another group needs root");
        using var process = System.Diagnostics.Process.Start("chgrp", ["2000", _folder.Root]);
        process.WaitForExit();
        File.SetUnixFileMode(_folder.Root, File.GetUnixFileMode(_folder.Root) | UnixFileMode.SetGroup);
        _store.Put("x/y/a", [1]);

        await LoadAsync(_folder.Root);

        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%g", _folder.Path("x/y/a"), _folder.Path("x/y")]) { RedirectStandardOutput = true })!;
        (await stat.StandardOutput.ReadToEndAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["2000", "2000"]);
    }

    [Fact]
    public async Task A_link_out_of_the_volume_is_not_followed()
    {
        using var elsewhere = new TemporaryFolder();
        File.CreateSymbolicLink(_folder.Path("x"), elsewhere.Root);
        _store.Put("x/a", [1]);

        var failed = await Should.ThrowAsync<LoadException>(() => LoadAsync(_folder.Root));

        failed.Reason.ShouldBe(LoadReason.UnsafeKey);
        failed.Message.ShouldContain("\"x\"");
        Directory.EnumerateFileSystemEntries(elsewhere.Root).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_becomes_a_folder_at_its_source_needs_pruning()
    {
        _store.Put("a", [1]);
        await LoadAsync(_folder.Root);
        _store.Objects.Clear();
        _store.Put("a/b", [2]);

        (await Should.ThrowAsync<LoadException>(() => LoadAsync(_folder.Root))).Message.ShouldContain("--prune");
        (await LoadAsync(_folder.Root, options => options with { Prunes = true })).Files.ShouldBe(1);
        File.ReadAllBytes(_folder.Path("a/b")).ShouldBe([2]);
    }

    [Fact]
    public async Task Pruning_leaves_what_somebody_wrote()
    {
        _store.Put("a", [1]);
        _store.Put("b", [1]);
        _store.Put("c", [1]);
        await LoadAsync(_folder.Root);
        File.WriteAllText(_folder.Path("a"), "mine");
        File.WriteAllText(_folder.Path("d"), "mine too");
        _store.Objects.Clear();
        _store.Put("c", [1]);

        await LoadAsync(_folder.Root, options => options with { Prunes = true });

        Directory.EnumerateFiles(_folder.Root).Select(Path.GetFileName).Order().ShouldBe(["a", "c", "d"]);
    }

    [Fact]
    public async Task Unchanged_files_come_from_a_seed()
    {
        using var seed = new TemporaryFolder();
        foreach (var name in (string[])["a", "b", "c", "d"])
            _store.Put(name, new byte[100_000]);
        await LoadAsync(seed.Root);
        _store.Put("b", new byte[50_000], "2");
        File.AppendAllText(seed.Path("c"), "changed");
        File.Delete(seed.Path("d"));
        _store.Served.Clear();

        var summary = await LoadAsync(_folder.Root, options => options with { Seed = seed.Root });

        _store.Served.Keys.Order().ShouldBe(["b", "c", "d"]);
        summary.ReusedBytes.ShouldBe(100_000);
        foreach (var (key, (content, _)) in _store.Objects)
            File.ReadAllBytes(_folder.Path(key)).ShouldBe(content);
        Manifest.Read(_folder.Root)!.Files["a"].Crc32C.ShouldBe(Manifest.Read(seed.Root)!.Files["a"].Crc32C);
    }

    [Fact]
    public async Task Another_load_id_keeps_finished_files_and_begins_the_others_anew()
    {
        _store.Put("a", new byte[100]);
        _store.Put("b", new byte[9 * MiB]);
        using var stop = new CancellationTokenSource();
        _store.Opening = async (source, offset) =>
        {
            if (source.Key == "b" && offset > 0)
            {
                while (!File.Exists(_folder.Path("a")))
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
                await stop.CancelAsync();
            }
        };
        await Should.ThrowAsync<OperationCanceledException>(() => LoadAsync(_folder.Root, options => options with { LoadId = "one", PartSize = 8 * MiB, Connections = 2 }, stop.Token));
        _store.Opening = null;
        _store.Served.Clear();

        var summary = await LoadAsync(_folder.Root, options => options with { LoadId = "two" });

        _store.Served.ShouldBe([new("b", 9 * MiB)]);
        summary.FetchedBytes.ShouldBe(9 * MiB);
    }

    [Fact]
    public async Task A_holder_on_another_node_is_waited_for_while_it_shows_that_it_lives()
    {
        using var volume = Volume.Open(_folder.Root);
        var holder = $"{volume.OwnFolder}/holder";
        var timing = new LoadTiming { Heartbeat = TimeSpan.FromMilliseconds(100), LockWait = TimeSpan.FromMilliseconds(500) };
        var beats = 0;
        File.WriteAllText(holder, "another-boot node-7 12 0");
        using (new Timer(_ => File.WriteAllText(holder, $"another-boot node-7 12 {++beats}"), null, 0, 50))
        {
            var waited = await Should.ThrowAsync<LoadException>(
                () => VolumeLock.AcquireAsync(volume, timing, new LoadStatus(TimeProvider.System), TimeProvider.System, Cancel));
            waited.Reason.ShouldBe(LoadReason.Stalled);
            waited.Message.ShouldContain("node-7");
        }

        using var held = await VolumeLock.AcquireAsync(volume, timing with { LockWait = TimeSpan.FromMinutes(1) }, new LoadStatus(TimeProvider.System), TimeProvider.System, Cancel);
        File.ReadAllText(holder).ShouldNotContain("node-7");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<LoadSummary> LoadAsync(string root, Func<LoadOptions, LoadOptions>? change = null, CancellationToken? cancellationToken = null)
    {
        var options = new LoadOptions { Into = root, Connections = 2, Timing = new LoadTiming { PublishEvery = TimeSpan.FromMilliseconds(10) } };
        var run = new LoadRun([new LoadSource("memory://store/", _store)], change?.Invoke(options) ?? options, new LoadStatus(TimeProvider.System), TimeProvider.System);
        return await run.RunAsync(cancellationToken ?? Cancel);
    }
}
