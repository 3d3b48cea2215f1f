using Kiban.LocalCluster.Components;
using Kiban.LocalCluster.Pki;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.ControlPlanes;

/// <summary>
/// A Kubernetes control plane on this machine: etcd, kube-apiserver and, as asked for, kube-controller-manager and kube-scheduler.
/// Several run side by side.
/// </summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private static readonly TimeSpan EtcdPollInterval = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan EtcdPatience = TimeSpan.FromSeconds(30);

    private readonly ControlPlaneProbe _probe;
    private readonly OwnerGuard? _guard;

    private ControlPlane(ControlPlaneLayout layout, OwnerGuard? guard)
    {
        Layout = layout;
        _guard = guard;
        _probe = new ControlPlaneProbe(layout);
        Daemons = new DaemonHost(layout.Directory, layout.Options.Time);
        Maintenance = new EtcdMaintenance(layout);
        var programs = layout.Options.Binaries;
        Etcd = Daemon(ControlPlaneFlags.EtcdName, () => programs.Etcd, ControlPlaneFlags.Etcd, _probe.IsEtcdReadyAsync, layout.Files.Etcd);
        ApiServer = Daemon(
            ControlPlaneFlags.ApiServerName, () => programs.ApiServer, ControlPlaneFlags.ApiServer, _probe.IsApiServerReadyAsync, layout.Files.ApiServer, WaitUntilEtcdListensAsync);
        ControllerManager = layout.Options.ControllerManager
            ? Daemon(ControlPlaneFlags.ControllerManagerName, () => programs.ControllerManager, ControlPlaneFlags.ControllerManager, _probe.IsControllerManagerReadyAsync, layout.Files.Components)
            : null;
        Scheduler = layout.Options.Scheduler
            ? Daemon(ControlPlaneFlags.SchedulerName, () => programs.Scheduler, ControlPlaneFlags.Scheduler, _probe.IsSchedulerReadyAsync, layout.Files.Components)
            : null;
    }

    /// <summary>What was decided about it: ports, files, options.</summary>
    public ControlPlaneLayout Layout { get; }

    /// <summary>Where it lives.</summary>
    public ClusterDirectory Directory => Layout.Directory;

    /// <summary>Address of the API server.</summary>
    public Uri Server => Layout.Server;

    /// <summary>Kubeconfig of the administrator.</summary>
    public string KubeconfigPath => Directory.KubeconfigPath;

    /// <summary>Authorities, for whoever has to issue certificates of this cluster.</summary>
    public ClusterPki Pki => Layout.Pki;

    /// <summary>The audit log, where <see cref="ControlPlaneOptions.AuditPolicy"/> asks for one.</summary>
    public string AuditLogPath => Layout.AuditLogPath;

    /// <summary>Host of this cluster's daemons, those of the node too.</summary>
    public DaemonHost Daemons { get; }

    /// <summary>Operations on etcd itself.</summary>
    public EtcdMaintenance Maintenance { get; }

    /// <summary>etcd.</summary>
    public IClusterComponent Etcd { get; }

    /// <summary>kube-apiserver.</summary>
    public IClusterComponent ApiServer { get; }

    /// <summary>kube-controller-manager, where it was asked for.</summary>
    public IClusterComponent? ControllerManager { get; }

    /// <summary>kube-scheduler, where it was asked for.</summary>
    public IClusterComponent? Scheduler { get; }

    /// <summary>Components in the order of their start; those of one stage start in their order and are waited for side by side.</summary>
    public IReadOnlyList<IReadOnlyList<IClusterComponent>> Stages =>
        [[Etcd, ApiServer], [.. new[] { ControllerManager, Scheduler }.OfType<IClusterComponent>()]];

    /// <summary>Decides ports, makes certificates and kubeconfigs, and starts nothing yet.</summary>
    public static ControlPlane Prepare(ControlPlaneOptions options)
    {
        var directory = options.Directory ?? OwnerGuard.CreateDirectory();
        var guard = options.IsThrowAway ? OwnerGuard.Start(directory) : null;
        directory.Create();
        var pki = ClusterPki.LoadOrCreate(directory, options.Time);
        var layout = new ControlPlaneLayout
        {
            Directory = directory,
            Options = options,
            Ports = ControlPlaneConfiguration.LoadOrCreate(directory).Ports,
            Pki = pki,
            Files = ControlPlaneFiles.Issue(pki, options),
        };
        var controlPlane = new ControlPlane(layout, guard);
        AtomicFile.Write(directory.KubeconfigPath, controlPlane.RenderKubeconfig(layout.Files.Administrator), AtomicFile.Private);
        controlPlane.IssueKubeconfig(ControlPlaneFlags.ControllerManagerName, CertificateProfile.Client("system:kube-controller-manager"));
        controlPlane.IssueKubeconfig(ControlPlaneFlags.SchedulerName, CertificateProfile.Client("system:kube-scheduler"));
        if (options.AuditPolicy is { } policy)
        {
            AtomicFile.Write(layout.AuditPolicyPath, policy, AtomicFile.Public);
        }

        return controlPlane;
    }

    /// <summary>
    /// Starts a control plane and waits until it serves: <c>/readyz</c> and, where the controller manager runs, the service account
    /// <c>default</c>. Of a cluster whose directory is given, what runs already is taken over.
    /// </summary>
    /// <exception cref="LocalClusterException">A program ended or was not ready in time; the message holds the end of its log.</exception>
    public static async Task<ControlPlane> StartAsync(ControlPlaneOptions options, CancellationToken cancellationToken, IProgress<ClusterProgress>? progress = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOnceAsync(options, progress, cancellationToken);
            }
            catch (LocalClusterException e) when (options.IsThrowAway && attempt < 3 && e.Message.Contains("address already in use", StringComparison.Ordinal))
            {
                // Another program took one of the ports between its choice and its use: choose others.
            }
        }
    }

    private static async Task<ControlPlane> StartOnceAsync(ControlPlaneOptions options, IProgress<ClusterProgress>? progress, CancellationToken cancellationToken)
    {
        var controlPlane = Prepare(options);
        try
        {
            foreach (var stage in controlPlane.Stages)
            {
                foreach (var component in stage)
                {
                    await component.StartAsync(cancellationToken);
                    progress?.Report(new ClusterProgress(component.Name, ClusterStep.Started));
                }

                await Task.WhenAll(stage.Select(async component =>
                {
                    await component.WaitUntilReadyAsync(cancellationToken);
                    progress?.Report(new ClusterProgress(component.Name, ClusterStep.Ready));
                }));
            }

            return controlPlane;
        }
        catch
        {
            await controlPlane.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Issues a client certificate from the cluster's authority and writes a kubeconfig with it. Both are kept while they fit, so
    /// this may be called at each start.
    /// </summary>
    /// <returns>Path of the kubeconfig.</returns>
    public string IssueKubeconfig(string component, CertificateProfile profile)
    {
        var path = Layout.KubeconfigPath(component);
        AtomicFile.Write(path, RenderKubeconfig(Pki.Authority.Issue(component, profile)), AtomicFile.Private);
        return path;
    }

    /// <summary>Ends a throw-away cluster and removes all of it; any other one goes on running.</summary>
    public async ValueTask DisposeAsync()
    {
        _probe.Dispose();
        Maintenance.Dispose();
        if (_guard is null)
        {
            return;
        }

        await Daemons.KillAllAsync(CancellationToken.None);
        System.IO.Directory.Delete(Directory.Path, recursive: true);
        _guard.Dispose();
    }

    private string RenderKubeconfig(CertificateFiles client) =>
        Kubeconfig.Render(Layout.Options.IsThrowAway ? "kiban-test" : "kiban-" + Directory.Name, Server, Pki.Authority.CertificatePem, client);

    // Not until it serves: the API server has other things to do first, and its connection waits in the queue of etcd's socket. Before
    // there is a socket it would be refused, and tried again only after a second.
    private async Task WaitUntilEtcdListensAsync(CancellationToken cancellationToken)
    {
        var start = Layout.Options.Time.GetTimestamp();
        while (!await _probe.IsEtcdListeningAsync(cancellationToken))
        {
            if (Layout.Options.Time.GetElapsedTime(start) > EtcdPatience || Daemons.Find(Etcd.Name) is null)
            {
                // Says why.
                await Etcd.WaitUntilReadyAsync(cancellationToken);
            }

            await Task.Delay(EtcdPollInterval, Layout.Options.Time, cancellationToken);
        }
    }

    private DaemonComponent Daemon(
        string name,
        Func<string> executable,
        Func<ControlPlaneLayout, IReadOnlyList<string>> arguments,
        Func<CancellationToken, Task<bool>> isReady,
        CertificateFiles certificate,
        Func<CancellationToken, Task>? precondition = null) =>
        new(Daemons, name, () => Spec(name, executable(), arguments(Layout), certificate), isReady, Layout.Options.Time) { Precondition = precondition };

    private DaemonSpec Spec(string name, string executable, IReadOnlyList<string> arguments, CertificateFiles certificate) => new()
    {
        Name = name,
        Executable = executable,
        Arguments = arguments,
        ConfigFiles =
        [
            certificate.CertificatePath,
            Pki.Authority.Files.CertificatePath,
            Pki.EtcdAuthority.Files.CertificatePath,
            Pki.ServiceAccountKeys.PublicKeyPath,
            .. name == ControlPlaneFlags.ApiServerName && Layout.Options.AuditPolicy is not null ? [Layout.AuditPolicyPath] : Array.Empty<string>(),
        ],
    };
}
