using System.Runtime.InteropServices;

namespace Kiban.LocalCluster.Nodes.Sandboxing;

internal static partial class NativeMethods
{
    // Directory.Delete looks at the entries first, and a cgroup always has some.
    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rmdir(string path);
}
