using System.Runtime.InteropServices;

namespace Kiban.LocalCluster.Binaries;

/// <summary>
/// The folder that keeps programs between runs: <c>${KIBAN_CACHE:-${XDG_CACHE_HOME:-~/.cache}/kiban}/kubernetes/&lt;version&gt;/&lt;os-arch&gt;/</c>.
/// </summary>
public sealed record KubernetesCache(string Root)
{
    /// <summary>The cache of this user.</summary>
    public static KubernetesCache OfUser()
    {
        var kiban = Environment.GetEnvironmentVariable("KIBAN_CACHE") is { Length: > 0 } named ? named : Path.Combine(UserCache(), "kiban");
        return new KubernetesCache(Path.Combine(Path.GetFullPath(kiban), "kubernetes"));
    }

    /// <summary>This machine's platform as Kubernetes names it: <c>linux-amd64</c>.</summary>
    public static string Platform { get; } = "linux-" + Architecture;

    /// <summary>This machine's architecture as Go and Debian name it.</summary>
    public static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => throw new PlatformNotSupportedException($"Kubernetes is not built for {other} here."),
    };

    /// <summary>Folder of a release.</summary>
    public string FolderOf(KubernetesVersion version) => Path.Combine(Root, version.ToString(), Platform);

    /// <summary>Releases whose API server is in the cache, newest last.</summary>
    public IReadOnlyList<KubernetesVersion> Versions() =>
        !Directory.Exists(Root)
            ? []
            : [.. Directory.EnumerateDirectories(Root)
                .Select(path => KubernetesVersion.TryParse(Path.GetFileName(path), out var version) ? version : null)
                .OfType<KubernetesVersion>()
                .Where(version => File.Exists(Path.Combine(FolderOf(version), "kube-apiserver")))
                .OrderBy(version => (version.Major, version.Minor, version.Patch))];

    private static string UserCache() =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
