namespace Kiban.LocalCluster.Nodes.Sandboxing;

/// <summary>
/// The cgroup of one node in every hierarchy of the machine: one in cgroup v2, one for each controller in v1
/// (<see href="https://man7.org/linux/man-pages/man7/cgroups.7.html"/>).
/// </summary>
public sealed class CgroupTree
{
    private const string Root = "/sys/fs/cgroup";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan BurialTimeout = TimeSpan.FromSeconds(30);

    private readonly string _name;

    /// <summary>The tree called <paramref name="name"/>, directly below the root of each hierarchy.</summary>
    public CgroupTree(string name) => _name = name;

    /// <summary>
    /// Mount points of the hierarchies, from the text of <c>/proc/self/mountinfo</c>: all of them, and those that have controllers. On a
    /// hybrid machine the v2 hierarchy has none; runtimes use v1, but runc makes a cgroup in v2 as well.
    /// </summary>
    public static (IReadOnlyList<string> All, IReadOnlyList<string> WithControllers) ParseHierarchies(string mountInfo)
    {
        var mounts = mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(" - ", 2))
            .Where(halves => halves.Length == 2)
            .Select(halves => (Point: halves[0].Split(' ')[4], Type: halves[1].Split(' ')[0]))
            .Where(mount => mount.Point == Root || mount.Point.StartsWith(Root + "/", StringComparison.Ordinal))
            .ToList();
        string[] v1 = [.. mounts.Where(mount => mount.Type == "cgroup").Select(mount => mount.Point).Distinct()];
        string[] v2 = [.. mounts.Where(mount => mount.Type == "cgroup2").Select(mount => mount.Point).Distinct()];
        return ([.. v1, .. v2], v1.Length > 0 ? v1 : v2);
    }

    /// <summary>Those of its directories that exist.</summary>
    public IReadOnlyList<string> Existing() => [.. Read().All.Select(point => Path.Combine(point, _name)).Where(Directory.Exists)];

    /// <summary>Makes the cgroups: the kubelet refuses a root that does not exist.</summary>
    public void Create()
    {
        foreach (var directory in Read().WithControllers.Select(point => Path.Combine(point, _name)))
        {
            Directory.CreateDirectory(directory);
        }
    }

    /// <summary>Removes the cgroups, whose processes must be dead or dying; waits until the kernel has buried the last.</summary>
    /// <exception cref="LocalClusterException">A cgroup is still busy after half a minute; the message names it.</exception>
    public async Task RemoveAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (!TryRemove())
        {
            if (time.GetElapsedTime(start) > BurialTimeout)
            {
                throw new LocalClusterException($"The cgroups {string.Join(" and ", Existing())} cannot be removed, since processes are in them that do not end ('cat cgroup.procs' there and below); end them and repeat 'kiban local down'.");
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <summary>Removes the cgroups that are not busy.</summary>
    /// <returns>True when none is left.</returns>
    public bool TryRemove()
    {
        foreach (var directory in Existing())
        {
            Remove(directory);
        }

        return Existing().Count == 0;
    }

    private static void Remove(string directory)
    {
        try
        {
            foreach (var child in Directory.EnumerateDirectories(directory))
            {
                Remove(child);
            }

            // Not recursive: the files of a cgroup cannot be deleted, and go with it.
            Rmdir(directory);
        }
        catch (IOException)
        {
            // Busy, or already gone; the caller looks again.
        }
    }

    private static void Rmdir(string directory)
    {
        if (NativeMethods.Rmdir(directory) != 0)
        {
            throw new IOException($"{directory} cannot be removed (errno {System.Runtime.InteropServices.Marshal.GetLastPInvokeError()}).");
        }
    }

    private static (IReadOnlyList<string> All, IReadOnlyList<string> WithControllers) Read() => ParseHierarchies(File.ReadAllText("/proc/self/mountinfo"));
}
