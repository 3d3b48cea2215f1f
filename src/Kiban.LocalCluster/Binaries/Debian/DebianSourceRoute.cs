using Kiban.LocalCluster.Doctor;
using Kiban.Processes;

namespace Kiban.LocalCluster.Binaries.Debian;

/// <summary>
/// Builds the programs from Debian's source package <c>kubernetes</c>: for machines that reach their distribution's packages and
/// nothing else. Bookworm's (1.20.2) is the last that holds the whole tree; later ones have kubectl only.
/// </summary>
public sealed class DebianSourceRoute : IBinaryRoute
{
    // kubelet is compiled with cgo, which wants a C compiler and the headers of the C library.
    private static readonly RequiredProgram[] Tools =
    [
        new("go", "golang-go", NodeOnly: false),
        new("make", "make", NodeOnly: false),
        new("gcc", "gcc", NodeOnly: false),
        new("/usr/include/stdio.h", "libc6-dev", NodeOnly: false),
        new("rsync", "rsync", NodeOnly: false),
        new("jq", "jq", NodeOnly: false),
        new("dpkg-source", "dpkg-dev", NodeOnly: false),
    ];

    private readonly KubernetesCache _cache;
    private readonly TimeProvider _time;

    /// <summary>Creates the route.</summary>
    public DebianSourceRoute(KubernetesCache cache, TimeProvider time)
    {
        _cache = cache;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name => "source";

    /// <summary>Debian packages that the build needs and the machine lacks.</summary>
    public static IReadOnlyList<string> MissingPackages() => [.. Tools.Where(tool => !tool.IsPresent()).Select(tool => tool.Package)];

    /// <inheritdoc/>
    public async Task<RouteAnswer> TryAsync(BinaryRequest request, IProgress<BinaryProgress> progress, CancellationToken cancellationToken)
    {
        if (Command.Locate("apt-get") is null)
        {
            return RouteAnswer.Declined("this is not a Debian machine (no apt-get); name a folder of binaries by --binaries");
        }

        if (MissingPackages() is { Count: > 0 } missing)
        {
            return RouteAnswer.Declined($"the build needs packages that are missing: apt-get install -y --no-install-recommends {string.Join(' ', missing)}");
        }

        // Two processes must not build the same; the second finds the first's work in the cache.
        var folder = Path.Combine(_cache.Root, "source-build");
        using var held = await AdvisoryLock.AcquireAsync(
            folder + ".lock", _time, () => progress.Report(new BinaryProgress(Name, "wait for another build")), cancellationToken);
        var cached = await new CacheRoute(_cache).TryAsync(request, progress, cancellationToken);
        return cached.Binaries is not null ? cached : await BuildAsync(request, folder, progress, cancellationToken);
    }

    private async Task<RouteAnswer> BuildAsync(BinaryRequest request, string folder, IProgress<BinaryProgress> progress, CancellationToken cancellationToken)
    {
        try
        {
            var apt = new PrivateApt(Path.Combine(folder, "apt"));
            progress.Report(new BinaryProgress(Name, "read package lists"));
            await apt.UpdateAsync(cancellationToken);
            var offered = await apt.FindKubernetesAsync(cancellationToken);
            if (offered.LastOrDefault(package => (request.Version ?? package.Version) == package.Version) is not { } package)
            {
                return RouteAnswer.Declined(Lacks(request, offered));
            }

            var build = new SourceBuild(Path.Combine(folder, package.Version.ToString()), package, _time);
            if (!await build.UnpackAsync(apt, progress, cancellationToken))
            {
                return RouteAnswer.Declined(
                    $"the source package kubernetes {package.DebianVersion} of this distribution does not hold the whole tree (bookworm's 1.20.2 is the last that does); name a folder by --binaries");
            }

            var programs = KubernetesBinaries.ControlPlanePrograms.Concat(KubernetesBinaries.NodePrograms).Union(request.Programs).ToList();
            await build.CompileAsync(programs, progress, cancellationToken);
            build.Install(programs, _cache.FolderOf(package.Version));
            Directory.Delete(folder, recursive: true);
            return RouteAnswer.Served(await KubernetesBinaries.OpenAsync(_cache.FolderOf(package.Version), cancellationToken));
        }
        catch (Exception e) when (e is LocalClusterException or CommandException)
        {
            return RouteAnswer.Declined(e.Message);
        }
    }

    private static string Lacks(BinaryRequest request, IReadOnlyList<SourcePackage> offered) => offered.Count == 0
        ? "the machine's package sources have no source package kubernetes; name a folder of binaries by --binaries"
        : $"the machine's package sources have source package kubernetes {string.Join(", ", offered.Select(package => package.Version))}, not {request.Version}";
}
