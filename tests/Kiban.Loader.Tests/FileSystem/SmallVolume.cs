using System.Diagnostics;

namespace Kiban.Loader.Tests.FileSystem;

/// <summary>A file system of a fixed size, in memory. Needs root.</summary>
internal sealed class SmallVolume : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallVolume(string options)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small file system needs root");
        Run("mount", "-t", "tmpfs", "-o", options, "kiban-loader-test", Root);
    }

    public string Root => _folder.Path("mount") is var path && Directory.Exists(path) ? path : Directory.CreateDirectory(path).FullName;

    public void Dispose()
    {
        Run("umount", Root);
        _folder.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, program);
    }
}
