using Kiban.Images.Definitions;

namespace Kiban.Testing;

/// <summary>Images that tests run.</summary>
public static class TestImages
{
    /// <summary>A shell, with a web server and client, name look-ups and file tools, as a user that is nobody.</summary>
    public static ImageDefinition Box { get; } = new()
    {
        Name = "test-box",
        Description = "Shell and small tools for tests",
        Packages = ["busybox", "libc-bin"],
        Entrypoint = ["/bin/busybox", "sh"],
    };
}
