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
    public void Directory_without_volume_is_removed_unless_something_is_in_it()
    {
        _directories.Create("pvc-used");
        _directories.Create("pvc-unused");
        _directories.Create("pvc-retained");
        File.WriteAllText(Path.Combine(_root, "pvc-retained", "data"), "");

        _directories.RemoveUnused(new HashSet<string> { "pvc-used" });

        Directory.EnumerateDirectories(_root).Select(Path.GetFileName).ShouldBe(["pvc-used", "pvc-retained"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Name_that_leads_elsewhere_is_refused(string name) => Should.Throw<ArgumentException>(() => _directories.Remove(name));
}
