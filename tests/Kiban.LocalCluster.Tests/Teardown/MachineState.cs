using Kiban.LocalCluster.Nodes;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Tests.Teardown;

/// <summary>Everything that a cluster could leave behind on the machine, each thing by its name.</summary>
internal sealed record MachineState
{
    public required IReadOnlyList<string> Mounts { get; init; }

    public required IReadOnlyList<string> Interfaces { get; init; }

    public required IReadOnlyList<string> Routes { get; init; }

    public required IReadOnlyList<string> FirewallRules { get; init; }

    public required IReadOnlyList<string> Cgroups { get; init; }

    /// <summary>Network namespaces that some process is in.</summary>
    public required IReadOnlyList<string> NetworkNamespaces { get; init; }

    public static async Task<MachineState> ReadAsync() => new()
    {
        Mounts = Sorted(File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4])),
        Interfaces = Sorted(Directory.EnumerateFileSystemEntries("/sys/class/net").Select(path => Path.GetFileName(path))),
        Routes = Sorted((await RunAsync("ip", "-4", "route", "show", "table", "all")).Split('\n').Select(line => line.Trim())),
        FirewallRules = Sorted((await RunAsync("iptables-save")).Split('\n').Where(line => line.StartsWith("-A", StringComparison.Ordinal) || line.StartsWith(':')).Select(line => line.Split('[')[0])),
        Cgroups = Sorted(Directory.EnumerateDirectories("/sys/fs/cgroup").SelectMany(root => Directory.EnumerateDirectories(root).Prepend(root))),
        NetworkNamespaces = NetworkNamespacesOf(_ => true),
    };

    /// <summary>Network namespaces of a node: its own, and those of its Pods, whose processes are all descendants of its init.</summary>
    public static IReadOnlyList<string> NetworkNamespacesOf(ClusterDirectory cluster)
    {
        var members = ProcessTable.Find(cluster).Select(process => process.Identity.Id).ToHashSet();
        return NetworkNamespacesOf(id => id == Environment.ProcessId || IsBelow(id, members)).Except([OwnNetworkNamespace]).ToList();
    }

    /// <summary>What is there now and was not before, and has to do with the cluster.</summary>
    public IReadOnlyList<string> AddedBy(ClusterDirectory cluster, string addresses, MachineState before) =>
    [
        .. Mounts.Except(before.Mounts).Where(mount => mount.Contains(cluster.Path, StringComparison.Ordinal) || !mount.Contains("/kiban-", StringComparison.Ordinal)),
        .. Interfaces.Where(name => name == NodeLayout.InterfaceNameOf(cluster)),
        .. Routes.Where(route => route.Contains(addresses, StringComparison.Ordinal) || route.Contains(NodeLayout.InterfaceNameOf(cluster), StringComparison.Ordinal)),
        // Nobody here has a reason to touch the machine's rules.
        .. FirewallRules.Except(before.FirewallRules),
        .. Cgroups.Where(path => Path.GetFileName(path) == NodeLayout.CgroupNameOf(cluster)),
    ];

    private static string OwnNetworkNamespace { get; } = new FileInfo("/proc/self/ns/net").LinkTarget!;

    private static List<string> NetworkNamespacesOf(Func<int, bool> isWanted) => Sorted(
        Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
            .Where(id => id > 0 && isWanted(id))
            .Select(id => Read(() => new FileInfo($"/proc/{id}/ns/net").LinkTarget))
            .OfType<string>()
            .Distinct());

    private static bool IsBelow(int id, HashSet<int> members)
    {
        while (id > 1 && !members.Contains(id))
        {
            var parent = Read(() => File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal)).Split('\t')[1]);
            id = parent is null ? 0 : int.Parse(parent, System.Globalization.CultureInfo.InvariantCulture);
        }

        return members.Contains(id);
    }

    // Processes end while they are looked at.
    private static string? Read(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<string> Sorted(IEnumerable<string> values) => [.. values.Where(value => value.Length > 0).Order(StringComparer.Ordinal)];

    private static async Task<string> RunAsync(string program, params string[] arguments) =>
        (await Command.RunAsync(Command.Locate(program)!, arguments, TestContext.Current.CancellationToken)).Output;
}
