using Kiban.LocalCluster.Binaries.Debian;

namespace Kiban.LocalCluster.Tests.Binaries;

/// <summary>The source of 1.20 is put right before it is compiled; newer sources are left as they are.</summary>
public sealed class MapIterationFixTests : IDisposable
{
    private readonly DirectoryInfo _tree = Directory.CreateTempSubdirectory("kiban-map-iteration-");

    private string Package => Path.Combine(_tree.FullName, "vendor", "github.com", "modern-go", "reflect2");

    public void Dispose() => _tree.Delete(recursive: true);

    [Fact]
    public void Old_copy_calls_the_iterator_by_its_new_signature()
    {
        Write("unsafe_link.go", "func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) *hiter\n\ntype hiter struct {\n\tkey unsafe.Pointer\n\t// rest fields are ignored\n}\n");
        Write("unsafe_map.go", "\treturn &UnsafeMapIterator{\n\t\thiter:      mapiterinit(type2.rtype, *(*unsafe.Pointer)(obj)),\n\t}\n");

        MapIterationFix.Apply(_tree.FullName);
        MapIterationFix.Apply(_tree.FullName);

        Read("unsafe_link.go").ShouldBe("func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer, it *hiter)\n\ntype hiter struct {\n\tkey unsafe.Pointer\n\tpointers [6]unsafe.Pointer\n\twords    [4]uintptr\n}\n");
        Read("unsafe_map.go").ShouldBe("\tit := new(hiter)\n\tmapiterinit(type2.rtype, *(*unsafe.Pointer)(obj), it)\n\treturn &UnsafeMapIterator{\n\t\thiter:      it,\n\t}\n");
    }

    [Fact]
    public void Newer_copy_stays_as_it_is()
    {
        Write("unsafe_link.go", "package reflect2\n");

        MapIterationFix.Apply(_tree.FullName);

        Read("unsafe_link.go").ShouldBe("package reflect2\n");
    }

    [Fact]
    public void Tree_without_the_package_is_no_error() => Should.NotThrow(() => MapIterationFix.Apply(_tree.FullName));

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Package);
        File.WriteAllText(Path.Combine(Package, file), text);
    }

    private string Read(string file) => File.ReadAllText(Path.Combine(Package, file));
}
