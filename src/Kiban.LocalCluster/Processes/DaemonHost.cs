using System.Diagnostics;
using Kiban.LocalCluster.Components;

namespace Kiban.LocalCluster.Processes;

/// <summary>
/// Starts, adopts and stops the daemons of one cluster. Daemons live in sessions of their own and survive the process that
/// started them; what runs is always read from the process table, so nothing has to be recorded and nothing can be recorded wrongly.
/// </summary>
public sealed class DaemonHost
{
    // The shell replaces itself twice, so the id it exports is the daemon's. $0 is the log file.
    private const string LaunchScript = """export KIBAN_PID=$$; exec setsid "$@" >>"$0" 2>&1 </dev/null""";

    private const long LogSizeLimit = 32L << 20;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan KillTimeout = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;

    /// <summary>Creates the host of one cluster's daemons.</summary>
    public DaemonHost(ClusterDirectory cluster, TimeProvider time)
    {
        Cluster = cluster;
        _time = time;
    }

    /// <summary>The cluster whose daemons these are.</summary>
    public ClusterDirectory Cluster { get; }

    /// <summary>The running daemon with the name, or null.</summary>
    public ClusterProcess? Find(string name) =>
        ProcessTable.Find(Cluster).FirstOrDefault(process => process.IsDaemon && process.Component == name);

    /// <summary>Makes sure that the daemon runs with exactly this specification. Does not wait until it serves.</summary>
    public async Task<StartOutcome> StartAsync(DaemonSpec spec, CancellationToken cancellationToken)
    {
        var hash = spec.ComputeHash();
        var running = ProcessTable.Find(Cluster).Where(process => process.IsDaemon && process.Component == spec.Name).ToList();
        if (running is [var only] && only.ConfigHash == hash)
        {
            return StartOutcome.Adopted;
        }

        foreach (var process in running)
        {
            await StopAsync(process.Identity, TimeSpan.FromSeconds(10), cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        Launch(spec, hash);
        return running.Count > 0 ? StartOutcome.Replaced : StartOutcome.Started;
    }

    /// <summary>
    /// Stops the daemon: SIGTERM, and SIGKILL when it has not ended after <paramref name="grace"/> (at once when that is zero).
    /// What descends from the daemon is left to the caller (<see cref="KillAllAsync"/>).
    /// </summary>
    /// <returns>False when it did not run.</returns>
    public async Task<bool> StopAsync(string name, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } process)
        {
            return false;
        }

        await StopAsync(process.Identity, grace, cancellationToken);
        return true;
    }

    /// <summary>Kills every process of the cluster, descendants too, until none is left.</summary>
    /// <exception cref="LocalClusterException">The kernel does not let one go, as with a file system that hangs.</exception>
    public async Task KillAllAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        var living = new HashSet<ClusterProcess>();
        while (true)
        {
            // One that is dying has no environment any more, so the table does not show whose it is; it is remembered until it is dead.
            living.UnionWith(ProcessTable.Find(Cluster));
            living.RemoveWhere(process => !process.Identity.IsRunning || process.Identity == ProcessIdentity.Current);
            if (living.Count == 0)
            {
                return;
            }

            if (_time.GetElapsedTime(start) > KillTimeout)
            {
                var left = string.Join(", ", living.Select(process => $"{process.Component} ({process.Identity.Id})"));
                throw new LocalClusterException($"Processes of cluster {Cluster.Path} cannot be killed: {left}.");
            }

            foreach (var process in living)
            {
                process.Identity.Send(UnixSignal.Kill);
            }

            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    /// <summary>Waits until the process has ended.</summary>
    public async Task WaitForExitAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        while (process.IsRunning)
        {
            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    /// <summary>The last lines of a daemon's log, for error messages.</summary>
    public string LogTail(string name, int lines = 15)
    {
        var path = Cluster.LogPath(name);
        if (!File.Exists(path))
        {
            return "";
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(stream.Length, 16 << 10), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(lines));
    }

    private async Task StopAsync(ProcessIdentity process, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (grace > TimeSpan.Zero && process.Send(UnixSignal.Terminate))
        {
            using var patience = new CancellationTokenSource(grace, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                await WaitForExitAsync(process, either.Token);
                return;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Grace is over.
            }
        }

        process.Send(UnixSignal.Kill);
        await WaitForExitAsync(process, cancellationToken);
    }

    private void Launch(DaemonSpec spec, string hash)
    {
        Cluster.Create();
        var log = new FileInfo(Cluster.LogPath(spec.Name));
        if (log.Exists && log.Length > LogSizeLimit)
        {
            log.MoveTo(log.FullName + ".1", overwrite: true);
        }

        // Redirected, so that .NET does not take the daemon for a program that uses its terminal; the shell redirects again.
        var start = new ProcessStartInfo("/bin/sh", ["-c", LaunchScript, Cluster.LogPath(spec.Name), spec.Executable, .. spec.Arguments])
        {
            WorkingDirectory = spec.WorkingDirectory ?? Cluster.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment.Remove(ClusterProcess.ProcessIdVariable);
        start.Environment[ClusterProcess.ClusterVariable] = Cluster.Path;
        start.Environment[ClusterProcess.ComponentVariable] = spec.Name;
        start.Environment[ClusterProcess.ConfigVariable] = hash;
        using var process = Process.Start(start);
    }
}
