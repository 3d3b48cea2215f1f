using System.Globalization;
using System.Net.Sockets;
using Kiban.Images.Definitions;
using Kiban.LocalCluster.Agent;
using Kiban.LocalCluster.Components;
using Kiban.LocalCluster.ControlPlanes;
using Kiban.LocalCluster.Dns;
using Kiban.LocalCluster.Doctor;
using Kiban.LocalCluster.Nodes.Configuration;
using Kiban.LocalCluster.Nodes.Sandboxing;
using Kiban.LocalCluster.Pki;
using Kiban.LocalCluster.Processes;
using Kiban.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster.Nodes;

/// <summary>
/// The node of a local cluster: containerd, kubelet and kube-proxy in a <see cref="NodeSandbox"/>, slirp4netns beside it, and what the
/// cluster's agent does for them.
/// </summary>
public sealed class LocalNode : IClusterNode
{
    private const string KubeletName = "kubelet";

    // Where Debian's containernetworking-plugins puts its programs.
    private const string CniFolder = "/usr/lib/cni";

    private readonly ClusterOptions _options;
    private readonly DaemonHost _host;
    private readonly NodePlan _plan;
    private readonly NodeSandbox _sandbox;

    /// <summary>Creates the node; touches nothing yet.</summary>
    public LocalNode(ClusterOptions options)
    {
        _options = options;
        _host = new DaemonHost(options.Directory, options.Time);
        _plan = new NodePlan(options.Directory, options.Binaries);
        _sandbox = new NodeSandbox(_host, _plan, options.Time);
        Prerequisites = [_sandbox, Daemon("slirp4netns", EgressSpec, _ => Task.FromResult(HasEgressInterface())), Daemon("containerd", ContainerdSpec, IsContainerdReadyAsync)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<IClusterComponent> Prerequisites { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IAgentTask> AgentTasks(ILoggerFactory loggers) =>
        [new ClusterDnsTask(_plan.Decided, _options.Time, loggers), new LocalStorageTask(_plan.Decided, _options.Time, loggers)];

    /// <summary>Names, paths and addresses, or null as long as the node was never started.</summary>
    public NodeLayout? Layout => _plan.Layout;

    /// <summary>Path of containerd's socket on the machine, or null while the node does not live.</summary>
    public string? ContainerdSocket => _sandbox.Outer(NodeLayout.InnerContainerdSocket);

    /// <inheritdoc/>
    public ControlPlaneOptions Configure(ControlPlaneOptions options) =>
        Layout is { Network: var network }
            ? options with { Address = network.HostAddress, ServiceNetwork = network.Services, PodNetwork = network.Pods }
            : options;

    /// <inheritdoc/>
    public IReadOnlyList<IClusterComponent> Early(ControlPlane controlPlane) => [Kubelet(controlPlane)];

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<IClusterComponent>> Stages(ControlPlane controlPlane) =>
    [
        [
            ClusterAgent.Component(_host, _options.AgentCommand, controlPlane, _options.Time),
            Daemon("kube-proxy", () => KubeProxySpec(controlPlane), _ => Task.FromResult(true)),
            new PauseImage(() => ContainerdSocket, _options.Time),
            Kubelet(controlPlane),
            new ClusterDnsReadiness(_plan, _options.Time),
        ],
    ];

    private DaemonComponent Kubelet(ControlPlane controlPlane)
    {
        var readiness = new Lazy<NodeReadiness>(() => new NodeReadiness(controlPlane.KubeconfigPath, _plan.Decided.NodeName, _options.Time));
        return Daemon(
            KubeletName,
            () => KubeletSpec(controlPlane),
            async cancellationToken => _host.Find(KubeletName) is { } kubelet && await readiness.Value.IsReadyAsync(kubelet.Identity, cancellationToken));
    }

    private DaemonComponent Daemon(string name, Func<DaemonSpec> spec, Func<CancellationToken, Task<bool>> isReady) =>
        new(_host, name, spec, isReady, _options.Time);

    private DaemonSpec EgressSpec() => new()
    {
        Name = "slirp4netns",
        Executable = RequiredProgram.Locate("slirp4netns"),
        Arguments =
        [
            "--configure", "--mtu=65520", "--disable-host-loopback", $"--cidr={_plan.Decided.Network.Egress}",
            _sandbox.Require().Id.ToString(CultureInfo.InvariantCulture), SandboxScript.EgressInterface,
        ],
    };

    private bool HasEgressInterface() =>
        _sandbox.Init is { } init
        && File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{init.Id}/net/dev")).Contains($"{SandboxScript.EgressInterface}:", StringComparison.Ordinal);

    private DaemonSpec ContainerdSpec()
    {
        var configuration = Write(ContainerdConfiguration.FileName, ContainerdConfiguration.Render(
            PlatformImages.Pause.Reference, RequiredProgram.Locate("runc"), CniFolder, LinuxCapabilities.HasSystemResource));
        Write(Path.Combine(ContainerdConfiguration.CniFolderName, CniConfiguration.FileName), CniConfiguration.Render(_plan.Decided, CniConfiguration.BridgesAreFiltered));
        return _sandbox.Inside(new DaemonSpec
        {
            Name = "containerd",
            Executable = RequiredProgram.Locate("containerd"),
            Arguments = ["--config", NodeLayout.Inner(ContainerdConfiguration.FileName)],
            ConfigFiles = [configuration],
        });
    }

    private async Task<bool> IsContainerdReadyAsync(CancellationToken cancellationToken)
    {
        if (ContainerdSocket is not { } path || !File.Exists(path))
        {
            return false;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private DaemonSpec KubeletSpec(ControlPlane controlPlane)
    {
        var authority = controlPlane.Pki.Authority;
        var serving = authority.Issue("kubelet-serving", CertificateProfile.Server(_plan.Decided.NodeName, [_plan.Decided.NodeName], [_plan.Decided.Network.NodeAddress]));
        var kubeconfig = controlPlane.IssueKubeconfig(KubeletName, CertificateProfile.Client($"system:node:{_plan.Decided.NodeName}", "system:nodes"));
        return _sandbox.Inside(new DaemonSpec
        {
            Name = KubeletName,
            Executable = $"{NodeLayout.InnerPrograms}/kubelet",
            Arguments = KubeletConfiguration.Arguments(_plan.Decided),
            ConfigFiles =
            [
                Write(KubeletConfiguration.FileName, KubeletConfiguration.Render(_plan.Decided)),
                Copy(authority.Files.CertificatePath, KubeletConfiguration.AuthorityName),
                Copy(serving.CertificatePath, KubeletConfiguration.CertificateName),
                Copy(serving.KeyPath, KubeletConfiguration.KeyName),
                Copy(kubeconfig, KubeletConfiguration.KubeconfigName),
            ],
        });
    }

    private DaemonSpec KubeProxySpec(ControlPlane controlPlane)
    {
        var kubeconfig = controlPlane.IssueKubeconfig("kube-proxy", CertificateProfile.Client("system:kube-proxy"));
        return _sandbox.Inside(new DaemonSpec
        {
            Name = "kube-proxy",
            Executable = $"{NodeLayout.InnerPrograms}/kube-proxy",
            Arguments = KubeProxyConfiguration.Arguments,
            ConfigFiles =
            [
                Write(KubeProxyConfiguration.FileName, KubeProxyConfiguration.Render(_plan.Decided)),
                Copy(kubeconfig, KubeProxyConfiguration.KubeconfigName),
            ],
        });
    }

    private string Write(string file, string content)
    {
        var path = _plan.Decided.Outer(file);
        AtomicFile.Write(path, content, AtomicFile.Public);
        return path;
    }

    private string Copy(string source, string file)
    {
        var path = _plan.Decided.Outer(file);
        AtomicFile.Write(path, File.ReadAllText(source), AtomicFile.Private);
        return path;
    }
}
