using System.Security.Cryptography;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.LocalCluster;
using Kiban.LocalCluster.Binaries;
using Kiban.LocalCluster.ControlPlanes;
using Xunit;
using Xunit.v3;

namespace Kiban.Testing;

/// <summary>
/// One real control plane for all tests of an assembly, up in a few seconds and gone with the test process. Use it by
/// <c>[assembly: AssemblyFixture(typeof(ControlPlaneFixture))]</c> and a constructor parameter; each test makes a namespace of its own.
/// A test that stops the API server disturbs those that run beside it: such tests take a control plane of their own
/// (<see cref="StartControlPlaneAsync"/>).
/// </summary>
public class ControlPlaneFixture : IAsyncLifetime
{
    private ControlPlane? _controlPlane;
    private KubernetesClient? _client;

    // A cluster that somebody keeps for debugging; the fixture then starts none.
    private static string? ForeignKubeconfig =>
        Environment.GetEnvironmentVariable("KIBAN_TEST_KUBECONFIG") is { Length: > 0 } path ? path : null;

    /// <summary>The control plane; a test that asks for it is skipped where <c>KIBAN_TEST_KUBECONFIG</c> names a server that is not the fixture's own.</summary>
    public ControlPlane ControlPlane
    {
        get
        {
            return ForeignKubeconfig is null
                ? _controlPlane ?? throw new InvalidOperationException("The control plane is not started yet.")
                : throw new InvalidOperationException(DynamicSkipToken.Value + "needs a control plane of its own, and KIBAN_TEST_KUBECONFIG names another");
        }
    }

    /// <summary>Kubeconfig of the administrator.</summary>
    public string KubeconfigPath => ForeignKubeconfig ?? ControlPlane.KubeconfigPath;

    /// <summary>Address of the API server.</summary>
    public Uri Server => Client.Server;

    /// <summary>Kiban's own client, as the administrator.</summary>
    public IKubernetesClient Client => _client ?? throw new InvalidOperationException("The control plane is not started yet.");

    /// <summary>Release of the API server.</summary>
    public KubernetesVersion Version => ControlPlane.Layout.Options.Binaries.Version;

    /// <summary>Starts a control plane that the caller disposes of.</summary>
    public static async Task<ControlPlane> StartControlPlaneAsync(Func<ControlPlaneOptions, ControlPlaneOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new ControlPlaneOptions { Binaries = await FindBinariesAsync(cancellationToken) };
        return await ControlPlane.StartAsync(configure?.Invoke(options) ?? options, cancellationToken);
    }

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        if (ForeignKubeconfig is null)
        {
            _controlPlane = await StartControlPlaneAsync(Configure);
        }

        _client = new KubernetesClient(KubernetesConnection.FromKubeconfig(KubeconfigPath));
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_controlPlane is not null)
        {
            await _controlPlane.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a namespace with a name nobody else has, in which Pods may be created at once.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateNamespaceAsync(string? prefix = null, CancellationToken cancellationToken = default)
    {
        var name = $"{prefix ?? "test"}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        await KubectlAsync(["create", "namespace", name], cancellationToken: cancellationToken);
        if (_controlPlane is not { ControllerManager: null })
        {
            await WaitForAsync(
                async () => (await RunKubectlAsync(["get", "serviceaccount", "default", "-n", name], cancellationToken: cancellationToken)).Succeeded,
                $"service account default of namespace {name}",
                cancellationToken);
        }

        return name;
    }

    /// <summary>Runs kubectl as the administrator and returns what it printed.</summary>
    /// <exception cref="LocalClusterException">kubectl failed; the message is what it said.</exception>
    public Task<string> KubectlAsync(params string[] arguments) => KubectlAsync(arguments, input: null);

    /// <summary>Runs kubectl as the administrator, with <paramref name="input"/> on standard input, and returns what it printed.</summary>
    /// <exception cref="LocalClusterException">kubectl failed; the message is what it said.</exception>
    public async Task<string> KubectlAsync(string[] arguments, string? input = null, CancellationToken cancellationToken = default)
    {
        var result = await RunKubectlAsync(arguments, input, cancellationToken);
        return result.Succeeded ? result.Output : throw new LocalClusterException($"kubectl {string.Join(' ', arguments)}: {result.Error.Trim()}");
    }

    /// <summary>Runs kubectl as the administrator and returns how it ended.</summary>
    public Task<CommandResult> RunKubectlAsync(string[] arguments, string? input = null, CancellationToken cancellationToken = default) =>
        Command.RunAsync(_controlPlane?.Layout.Options.Binaries.Kubectl ?? "kubectl", ["--kubeconfig", KubeconfigPath, .. arguments], cancellationToken, input);

    /// <summary>Applies manifests (YAML, several documents) into a namespace.</summary>
    public Task ApplyAsync(string manifests, string? @namespace = null, CancellationToken cancellationToken = default) =>
        KubectlAsync(["apply", "-f", "-", .. @namespace is null ? Array.Empty<string>() : ["-n", @namespace]], manifests, cancellationToken);

    /// <summary>Kills the API server as a crash would.</summary>
    public async Task StopApiServerAsync(CancellationToken cancellationToken = default) =>
        await ControlPlane.Daemons.StopAsync(ControlPlane.ApiServer.Name, TimeSpan.Zero, cancellationToken);

    /// <summary>Starts the API server again, on the same port, and waits until it is ready.</summary>
    public async Task StartApiServerAsync(CancellationToken cancellationToken = default)
    {
        await ControlPlane.ApiServer.StartAsync(cancellationToken);
        await ControlPlane.ApiServer.WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>Kills the API server and starts it again.</summary>
    public async Task RestartApiServerAsync(CancellationToken cancellationToken = default)
    {
        await StopApiServerAsync(cancellationToken);
        await StartApiServerAsync(cancellationToken);
    }

    /// <summary>
    /// Makes etcd forget its history. What is open or continued may go on out of the API server's own memory (watches always, lists
    /// since 1.34); once the API server was restarted as well, both are answered 410 from before the compaction.
    /// </summary>
    /// <returns>The revision compacted to.</returns>
    public Task<long> CompactEtcdAsync(CancellationToken cancellationToken = default) => ControlPlane.Maintenance.CompactAsync(cancellationToken);

    /// <summary>What a derived fixture wants otherwise (audit policy, more arguments).</summary>
    protected virtual ControlPlaneOptions Configure(ControlPlaneOptions options) => options;

    // By all routes: on a new machine the first test run builds Kubernetes, once.
    /// <summary>The Kubernetes programs that tests run: those of <c>KUBEBUILDER_ASSETS</c>, or else of the cache.</summary>
    public static async Task<KubernetesBinaries> FindBinariesAsync(CancellationToken cancellationToken)
    {
        var version = Environment.GetEnvironmentVariable("KIBAN_TEST_KUBERNETES_VERSION") is { Length: > 0 } text ? KubernetesVersion.Parse(text) : null;
        var resolver = BinaryResolver.CreateDefault(downloadBase: null, TimeProvider.System);
        var resolved = await resolver.ResolveAsync(new BinaryRequest { Version = version }, new Progress<BinaryProgress>(), cancellationToken);
        return resolved.Binaries;
    }

    private static async Task WaitForAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited in vain for {what}.");
            }
        }
    }
}
