using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Kiban.Images.Programs;

/// <summary>Tells without running MSBuild whether a program's published output could have changed.</summary>
internal static class ProgramInputs
{
    /// <summary>Files above the projects that take part in every build.</summary>
    private static readonly string[] Shared =
        ["global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "src/Directory.Build.props", ".editorconfig"];

    /// <summary>
    /// A digest over every source file of the project and of the projects it references, the shared build files and the SDK's version.
    /// </summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="project">Project file, relative to the root.</param>
    /// <param name="sdkVersion">Version of the SDK that would publish.</param>
    /// <exception cref="ImageBuildException">A project file does not exist.</exception>
    public static string Fingerprint(string root, string project, string sdkVersion)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        var projects = new HashSet<string>(StringComparer.Ordinal);
        AddProject(root, Path.GetFullPath(Path.Combine(root, project)), projects, files);
        foreach (var shared in Shared.Where(shared => File.Exists(Path.Combine(root, shared))))
            files.Add(shared);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(sdkVersion + "\n"));
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, file))));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void AddProject(string root, string projectFile, HashSet<string> projects, SortedSet<string> files)
    {
        if (!projects.Add(projectFile))
            return;
        if (!File.Exists(projectFile))
            throw new ImageBuildException($"The project {projectFile} does not exist; is {root} the root of the repository?");

        var folder = Path.GetDirectoryName(projectFile)!;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(root, file);
            if (!relative.Contains("/bin/", StringComparison.Ordinal) && !relative.Contains("/obj/", StringComparison.Ordinal))
                files.Add(relative);
        }

        foreach (var reference in XDocument.Load(projectFile).Descendants("ProjectReference"))
        {
            if (reference.Attribute("Include")?.Value is { } include)
                AddProject(root, Path.GetFullPath(Path.Combine(folder, include.Replace('\\', '/'))), projects, files);
        }
    }
}
