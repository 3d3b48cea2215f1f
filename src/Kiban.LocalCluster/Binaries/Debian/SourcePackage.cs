namespace Kiban.LocalCluster.Binaries.Debian;

/// <summary>A version of the source package <c>kubernetes</c> that the machine's package sources offer.</summary>
/// <param name="DebianVersion">Debian's version: <c>1.20.2+really1.20.2-1</c>.</param>
/// <param name="Version">The release of Kubernetes it holds.</param>
public sealed record SourcePackage(string DebianVersion, KubernetesVersion Version)
{
    /// <summary>Reads what <c>apt-cache showsrc kubernetes</c> prints.</summary>
    public static IReadOnlyList<SourcePackage> Parse(string showsrc) =>
    [
        .. showsrc.Split('\n')
            .Where(line => line.StartsWith("Version:", StringComparison.Ordinal))
            .Select(line => line["Version:".Length..].Trim())
            .Distinct(StringComparer.Ordinal)
            .Select(text => KubernetesVersion.TryParse(Upstream(text), out var version) ? new SourcePackage(text, version) : null)
            .OfType<SourcePackage>(),
    ];

    /// <summary>
    /// The upstream part of a Debian version: without epoch and Debian revision, and of <c>1.21+really1.20.2</c> what it really is.
    /// </summary>
    internal static string Upstream(string debianVersion)
    {
        var version = debianVersion[(debianVersion.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var revision = version.LastIndexOf('-');
        version = revision < 0 ? version : version[..revision];
        var really = version.IndexOf("+really", StringComparison.Ordinal);
        version = really < 0 ? version : version[(really + "+really".Length)..];
        // 1.33.4+ds, 1.32.0~rc1: repacked, or before the release.
        var mark = version.IndexOfAny(['+', '~']);
        return mark < 0 ? version : version[..mark];
    }
}
