using System.Globalization;
using Kiban.LocalCluster.Components;
using Kiban.LocalCluster.Doctor;
using Kiban.LocalCluster.Nodes.Configuration;
using Kiban.LocalCluster.Processes;
using Kiban.Processes;

namespace Kiban.LocalCluster.Nodes.Sandboxing;

/// <summary>
/// The node as a place: namespaces of its own (mount, network, PID, UTS) kept by an init process, a wire to the machine, and cgroups.
/// Killing the init ends everything inside at once, and mounts, interfaces and iptables rules go with the namespaces.
/// </summary>
public sealed class NodeSandbox : IClusterComponent
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    private readonly DaemonHost _host;
    private readonly NodePlan _plan;
    private readonly CgroupTree _cgroups;
    private readonly TimeProvider _time;

    /// <summary>Creates the component.</summary>
    public NodeSandbox(DaemonHost host, NodePlan plan, TimeProvider time)
    {
        _host = host;
        _plan = plan;
        _cgroups = new CgroupTree(NodeLayout.CgroupNameOf(plan.Cluster));
        _time = time;
    }

    /// <inheritdoc/>
    public string Name => "node";

    /// <summary>The init process, as the machine numbers it, or null.</summary>
    public ProcessIdentity? Init =>
        ProcessTable.Find(_plan.Cluster)
            .Where(process => process.Component == Name && !process.IsDaemon && IsInit(process.Identity.Id))
            .Select(process => (ProcessIdentity?)process.Identity)
            .FirstOrDefault();

    /// <summary>The init process.</summary>
    /// <exception cref="LocalClusterException">The sandbox is not there.</exception>
    public ProcessIdentity Require() =>
        Init ?? throw new LocalClusterException($"The sandbox of cluster {_plan.Cluster.Name}'s node is gone; 'kiban local up' makes it anew.");

    /// <summary>A file inside the node, as the machine sees it while the node lives.</summary>
    public string? Outer(string innerPath) =>
        Init is { } init ? string.Create(CultureInfo.InvariantCulture, $"/proc/{init.Id}/root{innerPath}") : null;

    /// <summary>A daemon that runs inside: entered by nsenter, and killed by the kernel should that end first.</summary>
    /// <exception cref="LocalClusterException">The sandbox is not there.</exception>
    public DaemonSpec Inside(DaemonSpec spec)
    {
        var init = Require();
        return spec with
        {
            Executable = RequiredProgram.Locate("nsenter"),
            Arguments =
            [
                string.Create(CultureInfo.InvariantCulture, $"--target={init.Id}"), "--mount", "--net", "--pid", "--uts", "--wd=/", "--",
                RequiredProgram.Locate("setpriv"), "--pdeathsig=KILL", "--", spec.Executable, .. spec.Arguments,
            ],
        };
    }

    /// <inheritdoc/>
    public async Task<StartOutcome> StartAsync(CancellationToken cancellationToken)
    {
        // Held until the routes are there, which tell everybody else that the addresses are taken.
        using var held = await MachineLock.AcquireAsync("kiban-networks", _time, cancellationToken);
        var layout = await _plan.DecideAsync(cancellationToken);
        WriteFiles(layout);
        _cgroups.Create();
        var spec = Spec(layout);
        var outcome = StartOutcome.Started;
        if (_host.Find(Name) is { } running && (running.ConfigHash != spec.ComputeHash() || Init is null))
        {
            // unshare does not listen to SIGTERM, and a node that has lost its init is no node.
            await _host.StopAsync(Name, TimeSpan.Zero, cancellationToken);
            outcome = StartOutcome.Replaced;
        }

        if (await _host.StartAsync(spec, cancellationToken) == StartOutcome.Adopted)
        {
            outcome = StartOutcome.Adopted;
        }

        await WaitUntilReadyAsync(cancellationToken);
        await ConnectAsync(layout, cancellationToken);
        return outcome;
    }

    /// <inheritdoc/>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (Outer(SandboxScript.InnerReadyFile) is not { } file || !File.Exists(file))
        {
            if (_host.Find(Name) is null || _time.GetElapsedTime(start) > ReadyTimeout)
            {
                throw new LocalClusterException($"The sandbox of cluster {_plan.Cluster.Name}'s node could not be arranged; the end of its log {_plan.Cluster.LogPath(Name)}:\n{_host.LogTail(Name)}");
            }

            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _host.StopAsync(Name, TimeSpan.Zero, cancellationToken);
        Init?.Send(UnixSignal.Kill);
        await RemoveInterfaceAsync(NodeLayout.InterfaceNameOf(_plan.Cluster), cancellationToken);
        await _cgroups.RemoveAsync(_time, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ComponentStatus> ObserveAsync(CancellationToken cancellationToken)
    {
        var init = Init;
        return Task.FromResult(new ComponentStatus(Name, init is not null, init is not null && File.Exists(Outer(SandboxScript.InnerReadyFile)), init?.Id));
    }

    /// <summary>Removes the wire, and with it the machine's routes into the node, unless it is gone already.</summary>
    internal static async Task RemoveInterfaceAsync(string name, CancellationToken cancellationToken)
    {
        if (Directory.Exists($"/sys/class/net/{name}"))
        {
            // It may go on its own in between, when the other end's namespace does.
            await Command.RunAsync(RequiredProgram.Locate("ip"), ["link", "delete", name], cancellationToken);
        }
    }

    private static bool IsInit(int id)
    {
        try
        {
            // One number for each PID namespace, outermost first: the init is 1 in the innermost.
            return File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/status"))
                .Any(line => line.StartsWith("NSpid:", StringComparison.Ordinal) && line.Split('\t') is [_, _, .., "1"]);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private DaemonSpec Spec(NodeLayout layout) => new()
    {
        Name = Name,
        Executable = RequiredProgram.Locate("unshare"),
        Arguments =
        [
            "--mount", "--net", "--pid", "--uts", "--fork", "--kill-child=KILL", "--mount-proc", "--propagation=private",
            "sh", Path.Combine(layout.Cluster.NodePath, SandboxScript.FileName),
        ],
        ConfigFiles = [Path.Combine(layout.Cluster.NodePath, SandboxScript.FileName)],
    };

    private static void WriteFiles(NodeLayout layout)
    {
        foreach (var directory in new[] { layout.Configuration, layout.Var })
        {
            Directory.CreateDirectory(directory);
        }

        AtomicFile.Write(layout.Outer(ResolverConfiguration.FileName), ResolverConfiguration.Render(layout), AtomicFile.Public);
        AtomicFile.Write(
            Path.Combine(layout.Cluster.NodePath, SandboxScript.FileName),
            SandboxScript.Render(layout, RequiredProgram.Locate("catatonit"), RequiredProgram.Locate("iptables")),
            AtomicFile.Public);
    }

    private async Task ConnectAsync(NodeLayout layout, CancellationToken cancellationToken)
    {
        var network = layout.Network;
        var init = Require().Id;
        var namespaceFile = string.Create(CultureInfo.InvariantCulture, $"/proc/{init}/ns/net");
        if (!await IsConnectedAsync(layout, namespaceFile, cancellationToken))
        {
            // Half made, or its other end belongs to a sandbox that is no more.
            await RemoveInterfaceAsync(layout.InterfaceName, cancellationToken);
            await RunAsync("ip", ["link", "add", layout.InterfaceName, "type", "veth", "peer", "name", "eth0", "netns", init.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        }

        await RunAsync("nsenter", [$"--net={namespaceFile}", "--", RequiredProgram.Locate("ip"), "-batch", "-"], cancellationToken, $"""
            address replace {network.NodeAddress}/{network.Link.PrefixLength} dev eth0
            link set eth0 up

            """);
        await RunAsync("ip", ["-batch", "-"], cancellationToken, $"""
            address replace {network.HostAddress}/{network.Link.PrefixLength} dev {layout.InterfaceName}
            link set {layout.InterfaceName} up
            route replace {network.Pods} via {network.NodeAddress} dev {layout.InterfaceName}
            route replace {network.Services} via {network.NodeAddress} dev {layout.InterfaceName}

            """);
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken, string? input = null) =>
        (await Command.RunAsync(RequiredProgram.Locate(program), arguments, cancellationToken, input)).RequireOutput();

    private static async Task<bool> IsConnectedAsync(NodeLayout layout, string namespaceFile, CancellationToken cancellationToken)
    {
        if (!Directory.Exists($"/sys/class/net/{layout.InterfaceName}"))
        {
            return false;
        }

        var inside = await Command.RunAsync(RequiredProgram.Locate("nsenter"), [$"--net={namespaceFile}", "--", RequiredProgram.Locate("ip"), "link", "show", "eth0"], cancellationToken);
        return inside.Succeeded;
    }
}
