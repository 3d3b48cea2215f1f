namespace Kiban.Images.Debian;

/// <summary>A package at one version.</summary>
/// <param name="Name">Package name.</param>
/// <param name="Version">Debian version, epoch included.</param>
/// <param name="Architecture"><c>amd64</c>, <c>arm64</c>, … or <c>all</c>.</param>
internal sealed record DebianPackage(string Name, string Version, string Architecture)
{
    /// <summary>The name under which apt stores the archive: colons of an epoch are escaped.</summary>
    public string FileName => $"{Name}_{Version.Replace(":", "%3a", StringComparison.Ordinal)}_{Architecture}.deb";

    public override string ToString() => $"{Name}={Version}:{Architecture}";
}
