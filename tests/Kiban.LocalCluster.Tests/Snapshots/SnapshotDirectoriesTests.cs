using Kiban.LocalCluster.Snapshots;

namespace Kiban.LocalCluster.Tests.Snapshots;

public sealed class SnapshotDirectoriesTests : IDisposable
{
    private static readonly SnapshotRecord Record = new(new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc), 3L << 30, "pvc-1");

    private readonly string _root = Directory.CreateTempSubdirectory("kiban-snapshots-").FullName;
    private readonly SnapshotDirectories _snapshots;

    public SnapshotDirectoriesTests()
    {
        _snapshots = new SnapshotDirectories(Path.Combine(_root, "snapshots"));
        Directory.CreateDirectory(Volume);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Volume => Path.Combine(_root, "volume");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Snapshot_keeps_everything_that_a_file_has_and_shares_none_of_it()
    {
        var sparse = Path.Combine(Volume, "sparse");
        using (var file = File.Create(sparse))
        {
            file.Seek(64 << 20, SeekOrigin.Begin);
            file.Write("end"u8);
        }

        File.SetUnixFileMode(sparse, UnixFileMode.UserRead | UnixFileMode.GroupExecute);
        File.SetLastWriteTimeUtc(sparse, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(1234567));
        File.CreateSymbolicLink(Path.Combine(Volume, "link"), "sparse");
        Directory.CreateDirectory(Path.Combine(Volume, "empty"));

        await _snapshots.TakeAsync("snapshot-1", Volume, Record, Cancelled);

        var copy = Path.Combine(_snapshots.DataOf("snapshot-1"), "sparse");
        File.GetUnixFileMode(copy).ShouldBe(File.GetUnixFileMode(sparse));
        File.GetLastWriteTimeUtc(copy).ShouldBe(File.GetLastWriteTimeUtc(sparse));
        new FileInfo(Path.Combine(_snapshots.DataOf("snapshot-1"), "link")).LinkTarget.ShouldBe("sparse");
        Directory.Exists(Path.Combine(_snapshots.DataOf("snapshot-1"), "empty")).ShouldBeTrue();
        var (size, blocks, links) = await StatAsync(copy);
        size.ShouldBe((64 << 20) + 3);
        (blocks * 512).ShouldBeLessThan(1 << 20, "holes stay holes");
        links.ShouldBe(1, "a hard link to the volume would change with it");
        _snapshots.Find("snapshot-1").ShouldBe(Record);
    }

    [Fact]
    public async Task Owners_are_kept()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "giving files away takes root");
        var file = Path.Combine(Volume, "file");
        File.WriteAllText(file, "");
        (await Command.RunAsync("chown", ["1234:4321", file], Cancelled)).Succeeded.ShouldBeTrue();

        await _snapshots.TakeAsync("snapshot-1", Volume, Record, Cancelled);

        (await Command.RunAsync("stat", ["-c", "%u:%g", Path.Combine(_snapshots.DataOf("snapshot-1"), "file")], Cancelled)).Output.Trim().ShouldBe("1234:4321");
    }

    [Fact]
    public async Task Snapshot_once_taken_stays_as_it_was()
    {
        File.WriteAllText(Path.Combine(Volume, "file"), "monday");
        await _snapshots.TakeAsync("snapshot-1", Volume, Record, Cancelled);
        File.WriteAllText(Path.Combine(Volume, "file"), "tuesday");

        await _snapshots.TakeAsync("snapshot-1", Volume, Record with { RestoreSize = 1 }, Cancelled);

        File.ReadAllText(Path.Combine(_snapshots.DataOf("snapshot-1"), "file")).ShouldBe("monday");
        _snapshots.Find("snapshot-1").ShouldBe(Record);
    }

    [Fact]
    public async Task Failed_or_half_made_snapshot_does_not_exist_and_is_taken_again()
    {
        await Should.ThrowAsync<IOException>(() => _snapshots.TakeAsync("snapshot-1", Path.Combine(_root, "nowhere"), Record, Cancelled));
        _snapshots.Find("snapshot-1").ShouldBeNull();

        // What is left when the maker is killed in the middle.
        Directory.CreateDirectory(Path.Combine(_root, "snapshots", ".snapshot-1", "data"));
        File.WriteAllText(Path.Combine(_root, "snapshots", ".snapshot-1", "data", "half"), "");
        _snapshots.Find("snapshot-1").ShouldBeNull();
        await _snapshots.TakeAsync("snapshot-1", Volume, Record, Cancelled);

        Directory.EnumerateFileSystemEntries(_snapshots.DataOf("snapshot-1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Removed_snapshot_is_gone_and_removing_may_be_repeated()
    {
        await _snapshots.TakeAsync("snapshot-1", Volume, Record, Cancelled);
        Directory.CreateDirectory(Path.Combine(_root, "snapshots", ".snapshot-2", "data"));

        _snapshots.Remove("snapshot-1");
        _snapshots.Remove("snapshot-1");
        _snapshots.RemoveUnfinished();

        Directory.EnumerateFileSystemEntries(Path.Combine(_root, "snapshots")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Handle_that_leads_elsewhere_is_refused(string handle) => Should.Throw<ArgumentException>(() => _snapshots.Find(handle));

    private static async Task<(long Size, long Blocks, int Links)> StatAsync(string path)
    {
        var output = (await Command.RunAsync("stat", ["-c", "%s %b %h", path], Cancelled)).Output.Trim().Split(' ');
        return (long.Parse(output[0], null), long.Parse(output[1], null), int.Parse(output[2], null));
    }
}
