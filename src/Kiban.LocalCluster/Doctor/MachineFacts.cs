using Kiban.LocalCluster.Binaries;
using Kiban.LocalCluster.Binaries.Debian;
using Kiban.LocalCluster.Processes;
using Kiban.Processes;

namespace Kiban.LocalCluster.Doctor;

/// <summary>What there is to know about a machine before a cluster can run on it.</summary>
public sealed record MachineFacts
{
    /// <summary>This process may change the machine's network and mounts.</summary>
    public required bool IsRoot { get; init; }

    /// <summary>The machine has apt.</summary>
    public required bool HasApt { get; init; }

    /// <summary>Programs and files of <see cref="RequiredProgram.All"/> that are missing.</summary>
    public required IReadOnlyList<RequiredProgram> MissingPrograms { get; init; }

    /// <summary>Kubernetes releases in the cache.</summary>
    public required IReadOnlyList<KubernetesVersion> CachedVersions { get; init; }

    /// <summary>Debian packages that a build from source would need and that are missing.</summary>
    public required IReadOnlyList<string> MissingBuildPackages { get; init; }

    /// <summary>File systems the kernel knows at present.</summary>
    public required IReadOnlySet<string> FileSystems { get; init; }

    /// <summary>Kinds of namespaces the kernel knows: <c>net</c>, <c>mnt</c>, <c>pid</c>, …</summary>
    public required IReadOnlySet<string> Namespaces { get; init; }

    /// <summary>Controllers of control groups that can be used, by either version.</summary>
    public required IReadOnlySet<string> CgroupControllers { get; init; }

    /// <summary>What iptables said to a question about the nat table, or null when it answered.</summary>
    public required string? IptablesError { get; init; }

    /// <summary>Bytes free where clusters keep their data.</summary>
    public required long StateFreeBytes { get; init; }

    /// <summary>Bytes free where programs are built and kept.</summary>
    public required long CacheFreeBytes { get; init; }

    /// <summary>Bytes of memory available.</summary>
    public required long AvailableMemoryBytes { get; init; }

    /// <summary>Ports for a control plane were found.</summary>
    public required bool HasFreePorts { get; init; }

    /// <summary>Looks at this machine. Nothing is changed.</summary>
    public static async Task<MachineFacts> CollectAsync(CancellationToken cancellationToken)
    {
        var cache = KubernetesCache.OfUser();
        return new MachineFacts
        {
            IsRoot = Environment.IsPrivilegedProcess,
            HasApt = Command.Locate("apt-get") is not null,
            MissingPrograms = [.. RequiredProgram.All.Where(program => !program.IsPresent())],
            CachedVersions = cache.Versions(),
            MissingBuildPackages = DebianSourceRoute.MissingPackages(),
            FileSystems = ReadWords("/proc/filesystems"),
            Namespaces = Directory.Exists("/proc/self/ns")
                ? Directory.EnumerateFileSystemEntries("/proc/self/ns").Select(path => Path.GetFileName(path)).ToHashSet()
                : new HashSet<string>(),
            CgroupControllers = ReadCgroupControllers(),
            IptablesError = await AskIptablesAsync(cancellationToken),
            StateFreeBytes = FreeBytes(Cluster.ClustersPath),
            CacheFreeBytes = FreeBytes(cache.Root),
            AvailableMemoryBytes = ReadAvailableMemory(),
            HasFreePorts = HasPorts(),
        };
    }

    private static HashSet<string> ReadWords(string path) =>
        File.Exists(path) ? [.. File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)] : [];

    private static HashSet<string> ReadCgroupControllers()
    {
        // v2 tells them in one file; v1 mounts each one, and /proc/cgroups has those that are enabled in its last column.
        var controllers = ReadWords("/sys/fs/cgroup/cgroup.controllers");
        if (File.Exists("/proc/cgroups"))
        {
            controllers.UnionWith(File.ReadLines("/proc/cgroups")
                .Select(line => line.Split('\t'))
                .Where(fields => fields is [_, _, _, "1"] && Directory.Exists("/sys/fs/cgroup/" + fields[0]))
                .Select(fields => fields[0]));
        }

        return controllers;
    }

    private static async Task<string?> AskIptablesAsync(CancellationToken cancellationToken)
    {
        if (Command.Locate("iptables") is not { } iptables)
        {
            return "iptables is not installed";
        }

        var result = await Command.RunAsync(iptables, ["-t", "nat", "-n", "-L", "OUTPUT"], cancellationToken);
        return result.Succeeded ? null : result.Error.Trim();
    }

    private static long FreeBytes(string path)
    {
        while (!Directory.Exists(path))
        {
            path = Path.GetDirectoryName(path)!;
        }

        return new DriveInfo(path).AvailableFreeSpace;
    }

    private static long ReadAvailableMemory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is var total && File.Exists("/proc/meminfo")
        ? File.ReadLines("/proc/meminfo")
            .Where(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) << 10)
            .FirstOrDefault(total)
        : total;

    private static bool HasPorts()
    {
        try
        {
            FreePorts.Choose(5);
            return true;
        }
        catch (LocalClusterException)
        {
            return false;
        }
    }
}
