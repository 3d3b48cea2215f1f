namespace Kiban.Images.Debian;

/// <summary>Which files of a package go into an image, and where.</summary>
internal static class PackageFileRules
{
    /// <summary>What no program reads; the copyright files stay, since their licenses ask for it.</summary>
    private static readonly string[] LeftOut =
        ["usr/share/bug", "usr/share/doc-base", "usr/share/info", "usr/share/lintian", "usr/share/locale", "usr/share/man"];

    /// <summary>Top-level folders that Debian keeps as links into <c>/usr</c> since release 12.</summary>
    private static readonly string[] Merged = ["bin", "lib", "lib32", "lib64", "libx32", "sbin"];

    /// <summary>
    /// The path of a package's file in the image, without a leading slash; null if it is left out. Files of the merged folders move below
    /// <c>usr</c>, where the links of <see cref="MergedFolder"/> lead.
    /// </summary>
    public static string? Place(string path, bool isFolderOrLink)
    {
        var relative = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        relative = relative.Trim('/');
        if (relative.Length == 0 || LeftOut.Any(folder => IsWithin(relative, folder)))
            return null;
        if (IsWithin(relative, "usr/share/doc") && !isFolderOrLink && !relative.EndsWith("/copyright", StringComparison.Ordinal))
            return null;
        return MergedFolder(relative) is null ? relative : "usr/" + relative;
    }

    /// <summary>The top-level link into <c>/usr</c> through which programs know a package's file, if any.</summary>
    public static string? MergedFolder(string relativePath) =>
        Merged.FirstOrDefault(folder => IsWithin(relativePath, folder));

    private static bool IsWithin(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');
}
