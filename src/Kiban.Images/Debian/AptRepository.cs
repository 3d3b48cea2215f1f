using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Kiban.Processes;

namespace Kiban.Images.Debian;

/// <summary>
/// Resolves and downloads packages with the machine's own apt and its configured sources and keys, but as if nothing were installed, and
/// without writing anything outside one folder. Needs no root.
/// </summary>
internal sealed partial class AptRepository(string folder, IProgress<string> progress)
{
    private const string MachineLists = "/var/lib/apt/lists";

    /// <summary>Package lists of our own are used where the machine has none, or where its lists turn out to be out of date.</summary>
    private string _lists =
        Directory.Exists(MachineLists) && Directory.EnumerateFiles(MachineLists, "*_Packages*").Any() ? MachineLists : Path.Combine(folder, "lists");

    private string OwnLists => Path.Combine(folder, "lists");

    private string Archives => Path.Combine(folder, "archives");

    /// <summary>The packages and all that they depend on, in the newest versions of the machine's sources, ordered by name.</summary>
    /// <exception cref="CommandException">A package is unknown, or does not go with another.</exception>
    public Task<ImmutableArray<DebianPackage>> ResolveAsync(
        ImmutableArray<string> packages,
        ImmutableArray<string> withoutPackages,
        CancellationToken cancellationToken) =>
        WithFreshListsOnFailureAsync(
            async () =>
            {
                var options = await PrepareAsync(withoutPackages, cancellationToken);
                return ParsePlan(await AptAsync([.. options, "--simulate", "install", .. packages], cancellationToken));
            },
            cancellationToken);

    /// <summary>Downloads what is not there yet; apt verifies it against the signed package lists.</summary>
    /// <returns>The archives' paths in the order of the packages.</returns>
    /// <exception cref="CommandException">A download failed, for instance because the version is not offered any more.</exception>
    public async Task<ImmutableArray<string>> DownloadAsync(
        ImmutableArray<DebianPackage> packages,
        ImmutableArray<string> withoutPackages,
        CancellationToken cancellationToken)
    {
        var missing = packages.Count(package => !File.Exists(PathOf(package)));
        if (missing > 0)
        {
            progress.Report($"downloading {missing} Debian packages");
            await WithFreshListsOnFailureAsync(
                async () =>
                {
                    var options = await PrepareAsync(withoutPackages, cancellationToken);
                    return await AptAsync(
                        [.. options, "--download-only", "install", .. packages.Select(package => $"{package.Name}={package.Version}")],
                        cancellationToken);
                },
                cancellationToken);
        }

        return [.. packages.Select(PathOf)];
    }

    /// <summary>Reads <c>Inst name (version origin [architecture])</c> lines of a simulated installation.</summary>
    internal static ImmutableArray<DebianPackage> ParsePlan(string plan) =>
    [
        .. PlannedPackage().Matches(plan)
            .Select(match => new DebianPackage(match.Groups["name"].Value, match.Groups["version"].Value, match.Groups["architecture"].Value))
            .OrderBy(package => package.Name, StringComparer.Ordinal),
    ];

    private static async Task<string> AptAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        (await Command.RunAsync("apt-get", arguments, cancellationToken)).RequireOutput();

    private string PathOf(DebianPackage package) => Path.Combine(Archives, package.FileName);

    private async Task<T> WithFreshListsOnFailureAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action();
        }
        catch (CommandException)
        {
            progress.Report("updating Debian package lists");
            _lists = OwnLists;
            await AptAsync([.. await PrepareAsync([], cancellationToken), "update"], cancellationToken);
            return await action();
        }
    }

    /// <summary>Configuration that keeps apt inside the folder, and a list of installed packages that holds only what is to be left out.</summary>
    private async Task<string[]> PrepareAsync(ImmutableArray<string> withoutPackages, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(Archives, "partial"));
        Directory.CreateDirectory(Path.Combine(OwnLists, "partial"));
        var status = Path.Combine(folder, "status");
        await File.WriteAllTextAsync(status, string.Concat(withoutPackages.Select(StandIn)), cancellationToken);

        // A file given by -c is read after the machine's own configuration, so that it can also clear the machine's hooks:
        // file caches and container clean-ups concern the machine's own packages.
        var configuration = Path.Combine(folder, "apt.conf");
        await File.WriteAllTextAsync(
            configuration,
            $"""
             Dir::State::status "{status}";
             Dir::State::lists "{_lists}";
             Dir::State::extended_states "{Path.Combine(folder, "extended_states")}";
             Dir::Cache::archives "{Archives}";
             Dir::Cache::pkgcache "";
             Dir::Cache::srcpkgcache "";
             Debug::NoLocking "true";
             APT::Sandbox::User "";
             APT::Install-Recommends "false";
             #clear DPkg::Pre-Install-Pkgs;
             #clear DPkg::Post-Invoke;
             #clear APT::Update::Post-Invoke;
             #clear APT::Update::Post-Invoke-Success;

             """,
            cancellationToken);
        return ["-c", configuration, "-qq", "-y"];
    }

    /// <summary>An entry that makes apt take a package for installed. mawk stands for the virtual package that base-files asks for.</summary>
    private static string StandIn(string package) =>
        $"""
         Package: {package}
         Status: install ok installed
         Version: 999999
         Architecture: all
         Multi-Arch: foreign
         Provides: {(package == "mawk" ? "awk" : package + "-left-out")}
         Maintainer: none
         Description: left out


         """;

    [GeneratedRegex(@"^Inst (?<name>[^ :]+)(:\S+)?( \[[^\]]*\])? \((?<version>\S+) .*\[(?<architecture>[^\]]+)\]\)", RegexOptions.Multiline)]
    private static partial Regex PlannedPackage();
}
