namespace Kiban.LocalCluster.Binaries.Debian;

/// <summary>
/// Kubernetes 1.20 carries a copy of modern-go/reflect2 1.0.1, which calls the Go runtime's map iterator by its signature before Go 1.18. Debian 12
/// compiles it with Go 1.19, and the kube-apiserver so made dies of a segmentation fault at the first patch of a mutating webhook
/// (<see href="https://github.com/modern-go/reflect2/issues/24"/>). This puts the call right in the unpacked tree.
/// </summary>
internal static class MapIterationFix
{
    private static readonly (string File, string Old, string New)[] Edits =
    [
        ("unsafe_link.go",
            "func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) *hiter\n",
            "func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer, it *hiter)\n"),
        // The runtime writes its whole iterator to where the caller points: after key and value, six pointers and four words.
        ("unsafe_link.go",
            "\t// rest fields are ignored\n",
            "\tpointers [6]unsafe.Pointer\n\twords    [4]uintptr\n"),
        ("unsafe_map.go",
            "\treturn &UnsafeMapIterator{\n\t\thiter:      mapiterinit(type2.rtype, *(*unsafe.Pointer)(obj)),\n",
            "\tit := new(hiter)\n\tmapiterinit(type2.rtype, *(*unsafe.Pointer)(obj), it)\n\treturn &UnsafeMapIterator{\n\t\thiter:      it,\n"),
    ];

    /// <summary>Edits an unpacked tree; one whose copy is newer, or that has none, is left as it is.</summary>
    public static void Apply(string tree)
    {
        foreach (var (file, old, replacement) in Edits)
        {
            var path = Path.Combine(tree, "vendor", "github.com", "modern-go", "reflect2", file);
            if (File.Exists(path) && File.ReadAllText(path) is var text && text.Contains(old, StringComparison.Ordinal))
            {
                File.WriteAllText(path, text.Replace(old, replacement, StringComparison.Ordinal));
            }
        }
    }
}
