using System.Globalization;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.LocalCluster.Components;
using Kiban.LocalCluster.ControlPlanes;
using Kiban.LocalCluster.Pki;
using Kiban.LocalCluster.Processes;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster.Agent;

/// <summary>
/// The cluster's own daemon: runs the <see cref="IAgentTask"/>s side by side. It is started as <c>kiban local agent &lt;directory&gt;</c>.
/// </summary>
public sealed class ClusterAgent
{
    /// <summary>Name of the component.</summary>
    public const string ComponentName = "kiban-agent";

    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    private readonly ClusterDirectory _cluster;
    private readonly IReadOnlyList<IAgentTask> _tasks;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterAgent> _logger;
    private int _waiting;

    /// <summary>Creates the agent of a cluster.</summary>
    public ClusterAgent(ClusterDirectory cluster, IReadOnlyList<IAgentTask> tasks, TimeProvider time, ILogger<ClusterAgent> logger)
    {
        _cluster = cluster;
        _tasks = tasks;
        _time = time;
        _logger = logger;
    }

    /// <summary>The component that runs the agent: ready when every task has said so.</summary>
    /// <param name="host">Host of the cluster's daemons.</param>
    /// <param name="command">Program and first arguments, to which the cluster's directory is appended.</param>
    /// <param name="controlPlane">Where it works, as a user of its own that may do what it has to (<see cref="AgentAccess"/>).</param>
    /// <param name="time">Clock.</param>
    public static DaemonComponent Component(DaemonHost host, IReadOnlyList<string> command, ControlPlane controlPlane, TimeProvider time) => new(
        host,
        ComponentName,
        () => new DaemonSpec
        {
            Name = ComponentName,
            Executable = command[0],
            Arguments = [.. command.Skip(1), host.Cluster.Path],
            // A new build of a program that is given as an argument (dotnet kiban.dll) is a reason to start anew.
            ConfigFiles = [.. command.Skip(1).Where(File.Exists), controlPlane.IssueKubeconfig(ComponentName, CertificateProfile.Client(AgentAccess.User))],
        },
        _ => Task.FromResult(IsReady(host)),
        time)
    {
        Precondition = cancellationToken => AgentAccess.GrantAsync(controlPlane.KubeconfigPath, cancellationToken),
    };

    /// <summary>Runs the tasks until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        EndLeftovers();
        using var client = new KubernetesClient(KubernetesConnection.FromKubeconfig(ControlPlaneLayout.KubeconfigPathOf(_cluster, ComponentName)));
        _waiting = _tasks.Count;
        if (_waiting == 0)
        {
            WriteReady();
        }

        await Task.WhenAll(_tasks.Select(task => KeepRunningAsync(task, client, cancellationToken)));
    }

    private static string ReadyPath(ClusterDirectory cluster) => cluster.Combine("agent.ready");

    private static bool IsReady(DaemonHost host)
    {
        var path = ReadyPath(host.Cluster);
        return File.Exists(path)
            && host.Find(ComponentName) is { } process
            && File.ReadAllText(path) == process.Identity.Id.ToString(CultureInfo.InvariantCulture);
    }

    // Programs that an agent which was killed had started would go on writing beside this one.
    private void EndLeftovers()
    {
        foreach (var process in ProcessTable.Find(_cluster).Where(process => process is { Component: ComponentName, IsDaemon: false } && process.Identity != ProcessIdentity.Current))
        {
            process.Identity.Send(UnixSignal.Kill);
        }
    }

    private async Task KeepRunningAsync(IAgentTask task, KubernetesClient client, CancellationToken cancellationToken)
    {
        var isReady = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await task.RunAsync(client, Ready, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it was: the cluster needs the task more than a clean end.
                AgentLog.TaskFailed(_logger, e, task.Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(RestartDelay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        void Ready()
        {
            if (Interlocked.Exchange(ref isReady, 1) == 0)
            {
                AgentLog.TaskReady(_logger, task.Name);
                if (Interlocked.Decrement(ref _waiting) == 0)
                {
                    WriteReady();
                }
            }
        }
    }

    private void WriteReady() =>
        AtomicFile.Write(ReadyPath(_cluster), Environment.ProcessId.ToString(CultureInfo.InvariantCulture), AtomicFile.Public);
}
