using System.Globalization;
using System.Text;

namespace Kiban.LocalCluster.Processes;

/// <summary>The processes of a cluster, read from /proc.</summary>
public static class ProcessTable
{
    /// <summary>
    /// Every running process that carries the cluster's directory in its environment: daemons and what descends from them.
    /// Processes of other users, whose environment may not be read, are passed over.
    /// </summary>
    public static IReadOnlyList<ClusterProcess> Find(ClusterDirectory cluster)
    {
        var found = new List<ClusterProcess>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Read(id, cluster.Path) is { } process)
            {
                found.Add(process);
            }
        }

        return found;
    }

    private static ClusterProcess? Read(int id, string clusterPath)
    {
        // Identity first: should the id pass to another process in between, the identity no longer runs and the entry is stale.
        if (ProcessIdentity.TryRead(id) is not { } identity || ReadEnvironment(id) is not { } environment)
        {
            return null;
        }

        if (environment.GetValueOrDefault(ClusterProcess.ClusterVariable) != clusterPath)
        {
            return null;
        }

        // Before the launching shell has replaced itself with the program, KIBAN_PID is not set: it is the daemon all the same.
        var daemonId = environment.GetValueOrDefault(ClusterProcess.ProcessIdVariable);
        return new ClusterProcess(
            identity,
            environment.GetValueOrDefault(ClusterProcess.ComponentVariable) ?? "",
            environment.GetValueOrDefault(ClusterProcess.ConfigVariable) ?? "",
            daemonId is null || daemonId == id.ToString(CultureInfo.InvariantCulture));
    }

    private static Dictionary<string, string>? ReadEnvironment(int id)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (bytes.AsSpan().IndexOf("KIBAN_CLUSTER="u8) < 0)
        {
            return null;
        }

        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Encoding.UTF8.GetString(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                variables.TryAdd(entry[..equals], entry[(equals + 1)..]);
            }
        }

        return variables;
    }
}
