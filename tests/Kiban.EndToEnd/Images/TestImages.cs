using Kiban.Images.Definitions;

namespace Kiban.EndToEnd.Images;

/// <summary>Images with the clients that the tests put into Pods: unmodified, from Debian, with busybox for a shell.</summary>
internal static class TestImages
{
    /// <summary>Folder of the tests' own images in references, apart from the platform's.</summary>
    private const string Prefix = "test/";

    /// <summary>The AWS command line client.</summary>
    public static ImageDefinition Aws { get; } = new()
    {
        Name = Prefix + "aws",
        Description = "awscli of Debian",
        Packages = ["awscli", "base-files", "busybox-static"],
        // dpkg and what it needs is there for maintainer scripts only.
        WithoutPackages = ["debconf", "dpkg", "mawk", "openssl", "sed", "tar"],
        Entrypoint = ["/usr/bin/aws"],
        // No instance metadata is to be had here, and a client without credentials would look for it at length.
        Environment = ["PYTHONDONTWRITEBYTECODE=1", "AWS_PAGER=", "AWS_EC2_METADATA_DISABLED=true"],
    };

    /// <summary>Google's authentication library.</summary>
    public static ImageDefinition Google { get; } = new()
    {
        Name = Prefix + "google",
        Description = "google-auth of Debian",
        Packages = ["base-files", "busybox-static", "python3", "python3-google-auth", "python3-requests"],
        WithoutPackages = ["debconf", "dpkg", "mawk", "openssl", "sed", "tar"],
        Entrypoint = ["/usr/bin/python3"],
        Environment = ["PYTHONDONTWRITEBYTECODE=1", "NO_GCE_CHECK=true"],
    };

    /// <summary>A shell and nothing else.</summary>
    public static ImageDefinition Shell { get; } = new()
    {
        Name = Prefix + "shell",
        Description = "busybox of Debian",
        Packages = ["busybox-static"],
        Entrypoint = ["/bin/busybox"],
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ImageDefinition> All { get; } = [Shell, Aws, Google];
}
