using System.Collections.Immutable;

namespace Kiban.Images.Definitions;

/// <summary>The images that the platform itself runs. This is the place to read or change what is in them.</summary>
public static class PlatformImages
{
    /// <summary>
    /// The sandbox container of every Pod on a local node. <c>catatonit -P</c> waits for a signal and reaps the orphans of Pods that
    /// share a process namespace; it is linked statically, so the image is that one program.
    /// </summary>
    public static ImageDefinition Pause { get; } = new()
    {
        Name = "pause",
        Description = "Holds the namespaces of a Pod and reaps its orphans",
        Packages = ["catatonit"],
        Entrypoint = ["/usr/bin/catatonit", "-P"],
    };

    /// <summary>The process in the cluster that hosts Kiban's controllers and webhooks.</summary>
    public static ImageDefinition Manager { get; } = new()
    {
        Name = "kiban-manager",
        Description = "Controllers and admission webhooks of Kiban",
        Packages = ["base-files", "ca-certificates", "libc6", "libgcc-s1", "libssl3", "libstdc++6"],
        WithoutPackages = ["debconf", "mawk", "openssl"],
        Program = new PublishedProgram { Project = "src/Kiban.Manager/Kiban.Manager.csproj", FileName = "Kiban.Manager" },
        Entrypoint = [$"{PublishedProgram.Folder}/Kiban.Manager"],
        Environment =
        [
            "DOTNET_RUNNING_IN_CONTAINER=true",
            "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1",
            // The runtime looks where Debian's openssl package would point it; that package is left out.
            "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
        ],
        WorkingDirectory = PublishedProgram.Folder,
    };

    /// <summary>The program that fills volumes, and waits for them in init containers.</summary>
    public static ImageDefinition Loader { get; } = new()
    {
        Name = "kiban-loader",
        Description = "Loads data sets into volumes",
        Packages = ["base-files", "ca-certificates", "libc6", "libssl3"],
        WithoutPackages = ["debconf", "mawk", "openssl"],
        Program = new PublishedProgram { Project = "src/Kiban.Loader/Kiban.Loader.csproj", FileName = "kiban-loader" },
        Entrypoint = [$"{PublishedProgram.Folder}/kiban-loader"],
        Environment =
        [
            // The runtime looks where Debian's openssl package would point it; that package is left out.
            "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
        ],
    };

    /// <summary>All of them, in the order in which they are wanted.</summary>
    public static ImmutableArray<ImageDefinition> All { get; } = [Pause, Manager, Loader];
}
