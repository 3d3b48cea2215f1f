using Kiban.Processes;

namespace Kiban.LocalCluster.Binaries.Debian;

/// <summary>
/// apt with package lists of its own: it reads source packages from where the machine gets its binary ones, and leaves the machine's
/// configuration and lists as they are. Needs no root.
/// </summary>
internal sealed class PrivateApt
{
    private readonly string _folder;

    public PrivateApt(string folder) => _folder = folder;

    /// <summary>Writes the source entries derived from the machine's, and reads their lists.</summary>
    public async Task UpdateAsync(CancellationToken cancellationToken)
    {
        var entries = AptSourceEntries.Derive(ReadMachineEntries());
        if (entries.IsEmpty)
        {
            throw new LocalClusterException("/etc/apt names no source of packages.");
        }

        foreach (var part in new[] { "parts", "lists/partial", "cache/archives/partial" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, part));
        }

        AtomicFile.Write(Path.Combine(_folder, "sources.list"), entries.OneLine, AtomicFile.Public);
        AtomicFile.Write(Path.Combine(_folder, "parts", "kiban.sources"), entries.Deb822, AtomicFile.Public);
        await RunAsync("apt-get", ["update"], null, cancellationToken);
    }

    /// <summary>The versions of source package kubernetes on offer.</summary>
    public async Task<IReadOnlyList<SourcePackage>> FindKubernetesAsync(CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync("apt-cache", [.. Options(), "showsrc", "--only-source", "kubernetes"], cancellationToken, environment: Plain);
        return result.Succeeded ? SourcePackage.Parse(result.Output) : [];
    }

    /// <summary>Downloads a version of the source package into <paramref name="folder"/>; apt checks it against the signed lists.</summary>
    /// <returns>Path of its .dsc file.</returns>
    public async Task<string> DownloadAsync(SourcePackage package, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await RunAsync("apt-get", ["source", "--download-only", "--only-source", $"kubernetes={package.DebianVersion}"], folder, cancellationToken);
        return Directory.EnumerateFiles(folder, "*.dsc").Single();
    }

    // What is parsed must not be translated.
    private static Dictionary<string, string> Plain { get; } = new() { ["LC_ALL"] = "C.UTF-8" };

    private static IEnumerable<(string Name, string Text)> ReadMachineEntries()
    {
        const string Folder = "/etc/apt/sources.list.d";
        IEnumerable<string> parts = Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal) : [];
        return parts.Prepend("/etc/apt/sources.list").Where(File.Exists).Select(path => (path, File.ReadAllText(path)));
    }

    private IEnumerable<string> Options() =>
    [
        "-o", $"Dir::Etc::sourcelist={Path.Combine(_folder, "sources.list")}",
        "-o", $"Dir::Etc::sourceparts={Path.Combine(_folder, "parts")}",
        "-o", $"Dir::State::lists={Path.Combine(_folder, "lists")}",
        "-o", $"Dir::Cache={Path.Combine(_folder, "cache")}",
        "-o", "Acquire::Languages=none",
        // The download user _apt may not enter a private folder below the home directory.
        "-o", "APT::Sandbox::User=",
    ];

    private async Task RunAsync(string program, string[] arguments, string? folder, CancellationToken cancellationToken)
    {
        // apt-get source writes into the working directory and knows no option for another.
        var (command, all) = folder is null
            ? (program, (string[])[.. Options(), .. arguments])
            : ("env", ["--chdir=" + folder, program, .. Options(), .. arguments]);
        var result = await Command.RunAsync(command, all, cancellationToken, environment: Plain);
        if (!result.Succeeded)
        {
            throw new LocalClusterException($"{program} {arguments[0]} failed: {result.Error.Trim()}");
        }
    }
}
