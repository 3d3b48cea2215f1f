using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Kiban.LocalCluster.Nodes;
using Kiban.LocalCluster.Nodes.Sandboxing;

namespace Kiban.LocalCluster.Processes;

/// <summary>
/// Ties a throw-away cluster to the life of this process, however it ends. A small shell waits at the other end of a pipe that only
/// this process holds; when the process is gone the kernel closes the pipe, and the shell kills the cluster's processes and removes
/// its directory. (<c>PR_SET_PDEATHSIG</c> would not do: it is bound to the thread that forked, and pool threads come and go.)
/// Should the guard itself be killed too, the next <see cref="CreateDirectory"/> on the machine collects what is left.
/// </summary>
public sealed class OwnerGuard : IDisposable
{
    // grep, not a loop: one pass over the process table, and again until nothing is left. $1 is the cluster's directory, $2 the name of
    // its node's cgroups, should it have a node; all else of a node ends with its processes.
    private const string Script = """
        cat >/dev/null
        [ -d "$1" ] || exit 0
        for round in 1 2 3 4 5; do
          pids=$(grep -lszxF "KIBAN_CLUSTER=$1" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3)
          [ -n "$pids" ] || break
          kill -9 $pids 2>/dev/null
          sleep 0.2
        done
        find /sys/fs/cgroup -mindepth 2 -depth -type d \( -name "$2" -o -path "*/$2/*" \) -exec rmdir {} \; 2>/dev/null
        rm -rf "$1" "$1.lock"
        """;

    private readonly Process _guard;

    private OwnerGuard(Process guard) => _guard = guard;

    /// <summary>Starts a guard for the cluster.</summary>
    public static OwnerGuard Start(ClusterDirectory cluster)
    {
        // In a session of its own, so that Ctrl-C in the owner's terminal does not end it before its work.
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", Script, "kiban-guard", cluster.Path, NodeLayout.CgroupNameOf(cluster)])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new OwnerGuard(Process.Start(start)!);
    }

    /// <summary>
    /// A new directory for a throw-away cluster of this process; its name says who owns it. Directories (and processes) whose owner is
    /// gone are removed first.
    /// </summary>
    public static ClusterDirectory CreateDirectory()
    {
        var root = Path.Combine(Path.GetTempPath(), "kiban-" + Environment.UserName);
        Directory.CreateDirectory(root);
        CollectAbandoned(root);
        var owner = ProcessIdentity.Current;
        var name = string.Create(CultureInfo.InvariantCulture, $"{owner.Id}-{owner.StartTicks}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
        var cluster = new ClusterDirectory(Path.Combine(root, name));
        cluster.Create();
        return cluster;
    }

    /// <summary>Kills and removes the throw-away clusters below <paramref name="root"/> whose owner does not run any more.</summary>
    internal static void CollectAbandoned(string root)
    {
        foreach (var path in Directory.EnumerateDirectories(root))
        {
            if (ParseOwner(Path.GetFileName(path)) is not { IsRunning: false })
            {
                continue;
            }

            foreach (var process in ProcessTable.Find(new ClusterDirectory(path)))
            {
                process.Identity.Send(UnixSignal.Kill);
            }

            new CgroupTree(NodeLayout.CgroupNameOf(new ClusterDirectory(path))).TryRemove();
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (IOException)
            {
                // Its guard, or another process that starts now, is at the same work; whatever remains is collected next time.
            }
        }
    }

    /// <summary>Lets the guard go: it finds the directory removed, or ends the cluster now.</summary>
    public void Dispose()
    {
        _guard.StandardInput.Dispose();
        _guard.Dispose();
    }

    private static ProcessIdentity? ParseOwner(string name) =>
        name.Split('-') is [var id, var start, _]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var owner)
        && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new ProcessIdentity(owner, ticks)
            : null;
}
