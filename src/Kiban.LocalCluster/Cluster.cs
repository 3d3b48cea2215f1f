using Kiban.LocalCluster.Agent;
using Kiban.LocalCluster.Components;
using Kiban.LocalCluster.ControlPlanes;
using Kiban.LocalCluster.Nodes;
using Kiban.Processes;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster;

/// <summary>
/// A cluster that outlives the command that made it. Bringing it up is idempotent and may be interrupted at any point: the next call
/// takes over what runs and does the rest. One command at a time works on it.
/// </summary>
public sealed class Cluster
{
    private readonly ClusterOptions _options;

    /// <summary>Refers to the cluster; touches nothing yet.</summary>
    public Cluster(ClusterOptions options)
    {
        _options = options;
        Node = new LocalNode(options);
    }

    /// <summary>The node, whether or not it is wanted or runs.</summary>
    public LocalNode Node { get; }

    /// <summary>Folder of this user's clusters: <c>${KIBAN_STATE:-${XDG_STATE_HOME:-~/.local/state}/kiban}/clusters</c>.</summary>
    public static string ClustersPath
    {
        get
        {
            var kiban = Environment.GetEnvironmentVariable("KIBAN_STATE") is { Length: > 0 } named ? named : Path.Combine(UserState(), "kiban");
            return Path.Combine(Path.GetFullPath(kiban), "clusters");
        }
    }

    /// <summary>Where the cluster with the name lives.</summary>
    public static ClusterDirectory DirectoryOf(string name) => new(Path.Combine(ClustersPath, name));

    /// <summary>Names of the clusters that exist.</summary>
    public static IReadOnlyList<string> Names() =>
        Directory.Exists(ClustersPath) ? [.. Directory.EnumerateDirectories(ClustersPath).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)] : [];

    /// <summary>
    /// A cluster that was brought up before, with what it was brought up with, or null where there is none. One whose first start was
    /// killed before its settings were kept is there too, for <see cref="DownAsync"/>.
    /// </summary>
    public static Cluster? Open(string name, IReadOnlyList<string> agentCommand, TimeProvider time) =>
        DirectoryOf(name) is var directory && Directory.Exists(directory.Path) ? Open(directory, agentCommand, time) : null;

    /// <summary>The cluster in a directory, with what it was brought up with.</summary>
    public static Cluster Open(ClusterDirectory directory, IReadOnlyList<string> agentCommand, TimeProvider time)
    {
        var settings = ClusterSettings.Load(directory) ?? new ClusterSettings("v0.0.0", "/nonexistent", Node: false);
        return new Cluster(new ClusterOptions
        {
            Directory = directory, Binaries = settings.Binaries, Node = settings.Node, AgentCommand = agentCommand, Time = time,
        });
    }

    /// <summary>How it is to be.</summary>
    public ClusterOptions Options => _options;

    /// <summary>
    /// Starts what does not run and waits until all of it serves. When it fails or is cancelled, what this call started is stopped
    /// again; what ran before goes on.
    /// </summary>
    public async Task<ControlPlane> UpAsync(IProgress<ClusterProgress> progress, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(progress, cancellationToken);
        _options.Directory.Create();
        new ClusterSettings(_options.Binaries.Version.ToString(), _options.Binaries.Folder, _options.Node).Save(_options.Directory);
        var node = _options.Node ? Node : null;
        var started = new Stack<IClusterComponent>();
        try
        {
            await StartAsync([node?.Prerequisites ?? []], started, progress, cancellationToken);
            var controlPlane = ControlPlane.Prepare(ControlPlaneOptions(node));
            foreach (var component in node?.Early(controlPlane) ?? [])
            {
                await StartAsync(component, started, progress, cancellationToken);
            }

            await StartAsync(controlPlane.Stages, started, progress, cancellationToken);
            await StartAsync(node?.Stages(controlPlane) ?? [], started, progress, cancellationToken);
            return controlPlane;
        }
        catch
        {
            await StopAsync(started, progress, CancellationToken.None);
            throw;
        }
    }

    /// <summary>
    /// Stops everything, also what a killed command left half made, and removes the cluster's directory unless
    /// <paramref name="keepState"/>, with which the next <see cref="UpAsync"/> continues with the same objects and certificates.
    /// </summary>
    /// <returns>False when there was nothing.</returns>
    public async Task<bool> DownAsync(bool keepState, IProgress<ClusterProgress> progress, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(progress, cancellationToken);
        if (!Directory.Exists(_options.Directory.Path))
        {
            return false;
        }

        // With the node whatever the options say: it may be left from another start.
        var node = Node;
        await using (var controlPlane = ControlPlane.Prepare(ControlPlaneOptions(node)))
        {
            await StopAsync(Components(node, controlPlane).Reverse(), progress, cancellationToken);
            await controlPlane.Daemons.KillAllAsync(cancellationToken);
        }

        if (!keepState)
        {
            Directory.Delete(_options.Directory.Path, recursive: true);
        }

        return true;
    }

    /// <summary>What the cluster's agent has to do; called inside the agent's process.</summary>
    public IReadOnlyList<IAgentTask> AgentTasks(ILoggerFactory loggers) => Node.AgentTasks(loggers);

    /// <summary>What is to be seen of each component.</summary>
    public async Task<(ControlPlane ControlPlane, IReadOnlyList<ComponentStatus> Components)> ObserveAsync(CancellationToken cancellationToken)
    {
        var node = _options.Node ? Node : null;
        await using var controlPlane = ControlPlane.Prepare(ControlPlaneOptions(node));
        return (controlPlane, await Task.WhenAll(Components(node, controlPlane).Select(component => component.ObserveAsync(cancellationToken))));
    }

    private static IEnumerable<IClusterComponent> Components(LocalNode? node, ControlPlane controlPlane) =>
    [
        .. node?.Prerequisites ?? [],
        .. controlPlane.Stages.SelectMany(stage => stage),
        .. node?.Stages(controlPlane).SelectMany(stage => stage) ?? [],
    ];

    private static async Task StartAsync(
        IEnumerable<IReadOnlyList<IClusterComponent>> stages, Stack<IClusterComponent> started, IProgress<ClusterProgress> progress, CancellationToken cancellationToken)
    {
        foreach (var stage in stages)
        {
            foreach (var component in stage)
            {
                await StartAsync(component, started, progress, cancellationToken);
            }

            await Task.WhenAll(stage.Select(async component =>
            {
                await component.WaitUntilReadyAsync(cancellationToken);
                progress.Report(new ClusterProgress(component.Name, ClusterStep.Ready));
            }));
        }
    }

    private static async Task StartAsync(IClusterComponent component, Stack<IClusterComponent> started, IProgress<ClusterProgress> progress, CancellationToken cancellationToken)
    {
        // Counted before it is started: a start that is interrupted half-way must be undone as well.
        started.Push(component);
        var outcome = await component.StartAsync(cancellationToken);
        if (outcome == StartOutcome.Adopted)
        {
            started.Pop();
        }

        progress.Report(new ClusterProgress(component.Name, StepOf(outcome)));
    }

    private static async Task StopAsync(IEnumerable<IClusterComponent> components, IProgress<ClusterProgress> progress, CancellationToken cancellationToken)
    {
        foreach (var component in components)
        {
            progress.Report(new ClusterProgress(component.Name, ClusterStep.Stopping));
            await component.StopAsync(cancellationToken);
            progress.Report(new ClusterProgress(component.Name, ClusterStep.Stopped));
        }
    }

    private static ClusterStep StepOf(StartOutcome outcome) => outcome switch
    {
        StartOutcome.Adopted => ClusterStep.Adopted,
        StartOutcome.Replaced => ClusterStep.Replaced,
        _ => ClusterStep.Started,
    };

    private static string UserState() =>
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");

    private ControlPlaneOptions ControlPlaneOptions(LocalNode? node)
    {
        var options = new ControlPlaneOptions { Binaries = _options.Binaries, Directory = _options.Directory, Time = _options.Time };
        return node?.Configure(options) ?? options;
    }

    private Task<AdvisoryLock> LockAsync(IProgress<ClusterProgress> progress, CancellationToken cancellationToken) =>
        AdvisoryLock.AcquireAsync(
            _options.Directory.LockPath, _options.Time, () => progress.Report(new ClusterProgress(_options.Directory.Name, ClusterStep.Waiting)), cancellationToken);
}
