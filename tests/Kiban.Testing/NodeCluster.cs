using System.Security.Cryptography;
using Kiban.Images.Building;
using Kiban.Images.Definitions;
using Kiban.Images.Nodes;
using Kiban.LocalCluster;
using Kiban.LocalCluster.ControlPlanes;
using Kiban.LocalCluster.Nodes;
using Kiban.LocalCluster.Processes;

namespace Kiban.Testing;

/// <summary>
/// A cluster whose Pods really run, gone with the test process. Needs root, and the <c>kiban</c> program beside the tests (a project
/// reference to Kiban.Cli), which serves as the cluster's agent.
/// </summary>
public sealed class NodeCluster : IAsyncDisposable
{
    private readonly OwnerGuard _guard;
    private readonly ImageBuilder _images = new(new ImageBuilderOptions(), new Progress<string>(), TimeProvider.System);

    private NodeCluster(Cluster cluster, OwnerGuard guard)
    {
        Cluster = cluster;
        _guard = guard;
    }

    /// <summary>The cluster.</summary>
    public Cluster Cluster { get; }

    /// <summary>Where it lives.</summary>
    public ClusterDirectory Directory => Cluster.Options.Directory;

    /// <summary>Names, paths and addresses of its node.</summary>
    public NodeLayout Node => Cluster.Node.Layout ?? throw new InvalidOperationException("The node was never started.");

    /// <summary>Kubeconfig of the administrator.</summary>
    public string KubeconfigPath => Directory.KubeconfigPath;

    /// <summary>Brings up a cluster, and loads <see cref="TestImages.Box"/>.</summary>
    public static async Task<NodeCluster> StartAsync(CancellationToken cancellationToken)
    {
        var agent = Path.Combine(AppContext.BaseDirectory, "kiban.dll");
        if (!File.Exists(agent))
        {
            throw new InvalidOperationException("The tests need the kiban program as the cluster's agent: add a project reference to Kiban.Cli.");
        }

        var directory = OwnerGuard.CreateDirectory();
        var started = new NodeCluster(
            new Cluster(new ClusterOptions
            {
                Directory = directory,
                Binaries = await ControlPlaneFixture.FindBinariesAsync(cancellationToken),
                Node = true,
                AgentCommand = [Command.Locate("dotnet") ?? "dotnet", agent, "local", "agent"],
            }),
            OwnerGuard.Start(directory));
        try
        {
            await started.UpAsync(cancellationToken);
            await started.LoadAsync(TestImages.Box, cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts what does not run.</summary>
    public async Task<ControlPlane> UpAsync(CancellationToken cancellationToken) => await Cluster.UpAsync(new Progress<ClusterProgress>(), cancellationToken);

    /// <summary>Builds an image, unless it is built, and loads it into the node.</summary>
    public async Task LoadAsync(ImageDefinition definition, CancellationToken cancellationToken)
    {
        var image = await _images.BuildAsync(definition, cancellationToken);
        var socket = Cluster.Node.ContainerdSocket ?? throw new InvalidOperationException("containerd does not run.");
        await new NodeImageStore(socket).LoadAsync(_images, image, cancellationToken);
    }

    /// <summary>Runs kubectl as the administrator and returns what it printed.</summary>
    /// <exception cref="LocalClusterException">kubectl failed; the message is what it said.</exception>
    public Task<string> KubectlAsync(params string[] arguments) => KubectlAsync(arguments, null);

    /// <summary>Runs kubectl as the administrator, with <paramref name="input"/> on standard input, and returns what it printed.</summary>
    /// <exception cref="LocalClusterException">kubectl failed; the message is what it said.</exception>
    public async Task<string> KubectlAsync(string[] arguments, string? input, CancellationToken cancellationToken = default)
    {
        var result = await Command.RunAsync(Cluster.Options.Binaries.Kubectl, ["--kubeconfig", KubeconfigPath, .. arguments], cancellationToken, input);
        return result.Succeeded ? result.Output : throw new LocalClusterException($"kubectl {string.Join(' ', arguments)}: {result.Error.Trim()}");
    }

    /// <summary>Makes a namespace with a name nobody else has, in which Pods may be created at once.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateNamespaceAsync(string? prefix = null, CancellationToken cancellationToken = default)
    {
        var name = $"{prefix ?? "test"}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        await KubectlAsync(["create", "namespace", name], null, cancellationToken);
        await WaitForAsync(
            async () => (await KubectlAsync(["get", "serviceaccount", "default", "-n", name, "--ignore-not-found", "-o", "name"], null, cancellationToken)).Length > 0,
            $"service account default of namespace {name}",
            cancellationToken);
        return name;
    }

    /// <summary>Applies manifests (YAML, several documents) into a namespace.</summary>
    public Task ApplyAsync(string manifests, string @namespace, CancellationToken cancellationToken = default) =>
        KubectlAsync(["apply", "-n", @namespace, "-f", "-"], manifests, cancellationToken);

    /// <summary>Waits for a Pod to be Ready.</summary>
    public Task WaitUntilReadyAsync(string pod, string @namespace, CancellationToken cancellationToken = default) =>
        KubectlAsync(["wait", "--for=condition=Ready", "--timeout=120s", "-n", @namespace, $"pod/{pod}"], null, cancellationToken);

    /// <summary>Waits for a Pod to end well, and returns what it printed.</summary>
    public async Task<string> WaitForOutputAsync(string pod, string @namespace, CancellationToken cancellationToken = default)
    {
        string phase = "";
        await WaitForAsync(
            async () => (phase = await KubectlAsync(["get", "pod", pod, "-n", @namespace, "-o", "jsonpath={.status.phase}"], null, cancellationToken)) is "Succeeded" or "Failed",
            $"the end of Pod {pod}",
            cancellationToken);
        var output = await KubectlAsync(["logs", pod, "-n", @namespace], null, cancellationToken);
        return phase == "Succeeded" ? output : throw new InvalidOperationException($"Pod {pod} failed: {output}");
    }

    /// <summary>Runs a shell command in a Pod of <see cref="TestImages.Box"/>.</summary>
    public Task<string> ExecAsync(string pod, string @namespace, string script, CancellationToken cancellationToken = default) =>
        KubectlAsync(["exec", pod, "-n", @namespace, "--", "/bin/busybox", "sh", "-c", script], null, cancellationToken);

    /// <summary>What a web server in the cluster answers to a Pod of <see cref="TestImages.Box"/>, in its last line; nothing when it cannot be reached.</summary>
    public Task<string> FetchAsync(string pod, string @namespace, string host, CancellationToken cancellationToken = default) =>
        // Not busybox's wget, which crashes in an image without /etc/services.
        ExecAsync(pod, @namespace, $"printf 'GET / HTTP/1.0\\r\\n\\r\\n' | busybox nc -w 5 {host} 80 2>/dev/null | busybox tail -n 1", cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public static async Task WaitForAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (!await condition())
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited in vain for {what}.");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Cluster.DownAsync(keepState: false, new Progress<ClusterProgress>(), CancellationToken.None);
        // Nobody else knows of the cluster, so nobody waits for its lock.
        File.Delete(Directory.LockPath);
        _guard.Dispose();
    }
}
