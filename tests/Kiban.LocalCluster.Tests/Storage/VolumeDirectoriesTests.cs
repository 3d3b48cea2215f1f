using Kiban.LocalCluster.Storage;

namespace Kiban.LocalCluster.Tests.Storage;

public sealed class VolumeDirectoriesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("kiban-volumes-").FullName;
    private readonly VolumeDirectories _directories;

    public VolumeDirectoriesTests() => _directories = new VolumeDirectories(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Directory_is_open_to_pods_of_any_user()
    {
        _directories.Create("pvc-1");

        File.GetUnixFileMode(Path.Combine(_root, "pvc-1")).ShouldBe((UnixFileMode)0b111_111_111);
    }

    [Fact]
    public void Making_a_directory_again_keeps_what_is_in_it()
    {
        _directories.Create("pvc-1");
        File.WriteAllText(Path.Combine(_root, "pvc-1", "data"), "kept");

        _directories.Create("pvc-1");

        File.ReadAllText(Path.Combine(_root, "pvc-1", "data")).ShouldBe("kept");
    }

    [Fact]
    public void Removing_a_directory_does_not_follow_links_and_may_be_repeated()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_root, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "precious"), "");
        _directories.Create("pvc-1");
        Directory.CreateSymbolicLink(Path.Combine(_root, "pvc-1", "link"), outside);

        _directories.Remove("pvc-1");
        _directories.Remove("pvc-1");

        Directory.Exists(Path.Combine(_root, "pvc-1")).ShouldBeFalse();
        File.Exists(Path.Combine(outside, "precious")).ShouldBeTrue();
    }

    [Fact]
    public async Task Copy_is_a_directory_of_its_own()
    {
        _directories.Create("pvc-1");
        var original = Path.Combine(_root, "pvc-1", "data");
        File.WriteAllText(original, "old");

        await CopyAsync("pvc-2");
        File.WriteAllText(original, "new");

        File.ReadAllText(Path.Combine(_root, "pvc-2", "data")).ShouldBe("old");
    }

    [Fact]
    public async Task Copy_that_exists_is_kept_and_not_made_again()
    {
        _directories.Create("pvc-1");
        await CopyAsync("pvc-2");
        File.WriteAllText(Path.Combine(_root, "pvc-2", "data"), "written since");
        File.WriteAllText(Path.Combine(_root, "pvc-1", "data"), "other");

        await CopyAsync("pvc-2");

        File.ReadAllText(Path.Combine(_root, "pvc-2", "data")).ShouldBe("written since");
    }

    [Fact]
    public async Task Copy_of_a_source_that_went_away_meanwhile_is_not_left()
    {
        _directories.Create("pvc-1");
        File.WriteAllText(Path.Combine(_root, "pvc-1", "data"), "half");

        await Should.ThrowAsync<IOException>(() => CopyAsync("pvc-2", () => throw new IOException("the claim is gone")));

        Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName).ShouldBe(["pvc-1"]);
    }

    [Fact]
    public async Task Directory_without_volume_is_removed_unless_something_is_in_it()
    {
        _directories.Create("pvc-used");
        File.WriteAllText(Path.Combine(_root, "pvc-used", "data"), "");
        _directories.Create("pvc-unused");
        _directories.Create("pvc-retained");
        File.WriteAllText(Path.Combine(_root, "pvc-retained", "data"), "");
        await CopyAsync("pvc-copied", from: "pvc-used");
        await CopyAsync("pvc-copied-for-nobody", from: "pvc-used");
        await CopyAsync("pvc-copied-and-claimed", from: "pvc-used");
        Directory.CreateDirectory(Path.Combine(_root, ".copy-pvc-half", "deep"));

        _directories.RemoveUnused(new HashSet<string> { "pvc-used", "pvc-copied" }, new HashSet<string> { "pvc-copied-and-claimed" });

        Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName).ShouldBe(
            ["pvc-used", "pvc-retained", "pvc-copied", "pvc-copied-and-claimed", "pvc-copied-and-claimed.unclaimed"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Name_that_leads_elsewhere_is_refused(string name) => Should.Throw<ArgumentException>(() => _directories.Remove(name));

    private Task CopyAsync(string volume, Func<Task>? verify = null, string from = "pvc-1") =>
        _directories.CopyAsync(volume, _directories.PathOf(from), verify ?? (() => Task.CompletedTask), TestContext.Current.CancellationToken);
}
