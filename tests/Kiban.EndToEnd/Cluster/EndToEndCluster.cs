using System.Net;
using Kiban.EndToEnd.Cluster;
using Kiban.EndToEnd.Images;
using Kiban.Testing.ObjectStorage;
using Kiban.Images.Building;
using Kiban.Images.Nodes;
using Kiban.LocalCluster;

[assembly: AssemblyFixture(typeof(EndToEndCluster))]

namespace Kiban.EndToEnd.Cluster;

/// <summary>
/// One cluster with a node for all tests, with Kiban deployed just as <c>./dev up</c> does it: by <c>kiban local up</c>,
/// <c>kiban images load</c> and <c>kubectl apply -k deploy/overlays/local</c>. Beside it a real S3 server. Everything is gone afterwards,
/// unless <c>KIBAN_TEST_STATE</c> names a folder: the cluster <c>e2e</c> is then kept there, to be looked at and to be used again.
/// </summary>
public sealed class EndToEndCluster : IAsyncLifetime
{
    private const string Name = "e2e";

    private static readonly TimeSpan RolloutLimit = TimeSpan.FromMinutes(5);

    private readonly string? _kept = Environment.GetEnvironmentVariable("KIBAN_TEST_STATE") is { Length: > 0 } folder ? folder : null;
    private readonly string _folder;
    private readonly KibanProgram _kiban;
    private SwiftServer? _swift;
    private Kubectl? _kubectl;
    private IPAddress? _hostAddress;

    /// <summary>Creates the fixture.</summary>
    public EndToEndCluster()
    {
        _folder = _kept ?? Directory.CreateTempSubdirectory("kiban-e2e-").FullName;
        _kiban = new KibanProgram(_folder);
    }

    /// <summary>Owner of the bucket <see cref="FirstBucket"/>.</summary>
    public static SwiftUser FirstUser { get; } = new("first", "reader", "key-of-first");

    /// <summary>Owner of the bucket <see cref="SecondBucket"/>; the first user cannot see it.</summary>
    public static SwiftUser SecondUser { get; } = new("second", "reader", "key-of-second");

    /// <summary>A private bucket with the object <c>weights.bin</c>.</summary>
    public const string FirstBucket = "models";

    /// <summary>A private bucket with the object <c>renewed.bin</c>.</summary>
    public const string SecondBucket = "renewed";

    /// <summary>kubectl as the administrator.</summary>
    public Kubectl Kubectl
    {
        get
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "A node needs root.");
            return _kubectl!;
        }
    }

    /// <summary>The machine's address as Pods see it.</summary>
    public IPAddress HostAddress => _hostAddress!;

    /// <summary>Address of the S3 server as Pods see it.</summary>
    public Uri ObjectStore => new($"http://{HostAddress}:{_swift!.Port}");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        var cancel = TestContext.Current.CancellationToken;
        var store = StartObjectStoreAsync(cancel);
        var testImages = BuildAsync(cancel);
        var platformImages = _kiban.RunAsync(["images", "build", "--source", KibanProgram.Root], cancel);
        await _kiban.RunAsync(["local", "up", "--name", Name], cancel);
        _kubectl = new Kubectl((await _kiban.RunAsync(["local", "kubeconfig", "--name", Name, "--path"], cancel)).Trim());

        // The API server listens at the machine's end of the wire to the node.
        _hostAddress = IPAddress.Parse(await _kubectl.RunAsync(
            ["get", "endpoints", "kubernetes", "-o", "jsonpath={.subsets[0].addresses[0].ip}"], cancellationToken: cancel));
        await platformImages;
        await DeployAsync(cancel);
        await LoadAsync(await testImages, cancel);
        _swift = await store;
    }

    /// <summary>Deploys Kiban, or deploys it again, and waits until all replicas serve.</summary>
    public async Task DeployAsync(CancellationToken cancellationToken)
    {
        await _kiban.RunAsync(["images", "load", "--cluster", Name, "--source", KibanProgram.Root], cancellationToken);
        await Kubectl.RunAsync(["apply", "-k", Overlay], cancellationToken: cancellationToken);
        await WaitForManagerAsync(cancellationToken);
    }

    /// <summary>Folder of the manifests that are deployed.</summary>
    public static string Overlay => Path.Combine(KibanProgram.Root, "deploy", "overlays", "local");

    /// <summary>Waits until all replicas of the manager are of the newest revision and ready, and their webhooks are registered.</summary>
    public async Task WaitForManagerAsync(CancellationToken cancellationToken)
    {
        await Kubectl.RunAsync(
            ["-n", "kiban-system", "rollout", "status", "deployment/kiban-manager", $"--timeout={RolloutLimit.TotalSeconds}s"],
            cancellationToken: cancellationToken);
        foreach (var kind in (string[])["mutatingwebhookconfiguration", "validatingwebhookconfiguration"])
        {
            await Kubectl.WaitAsync(
                $"webhooks in the {kind} of Kiban",
                ["get", kind, "kiban-manager", "-o", "jsonpath={.webhooks[*].name}"],
                names => names.Length > 0,
                RolloutLimit,
                cancellationToken);
        }
    }

    /// <summary>Whether the server can match webhooks by expressions (1.28 and later), so that it can tell who asks for credentials.</summary>
    public async Task<bool> HasMatchConditionsAsync(CancellationToken cancellationToken) =>
        (await Kubectl.RunAsync(["explain", "mutatingwebhookconfiguration.webhooks"], cancellationToken: cancellationToken))
            .Contains("matchConditions", StringComparison.Ordinal);

    /// <summary>A new namespace for a test.</summary>
    public Task<TestNamespace> CreateNamespaceAsync(string prefix) => TestNamespace.CreateAsync(Kubectl, prefix, TestContext.Current.CancellationToken);

    /// <summary>Puts an object into a bucket of that user, which is made where it is not there.</summary>
    public async Task PutAsync(SwiftUser user, string bucket, string key, byte[] content, CancellationToken cancellationToken)
    {
        await _swift!.CreateBucketAsync(user, bucket, new Dictionary<string, string>(), cancellationToken);
        await _swift.PutAsync(user, bucket, key, content, cancellationToken);
    }

    /// <summary>A Secret in YAML with a user's key for the S3 server.</summary>
    public string AwsSecret(string name, SwiftUser user) =>
        $"""
         apiVersion: v1
         kind: Secret
         metadata:
           name: {name}
         type: kiban.dev/aws-credentials
         stringData:
           aws_access_key_id: "{user.AccessKeyId}"
           aws_secret_access_key: "{user.Key}"
           region: {SwiftServer.Region}
           endpoint_url: {ObjectStore}
         """;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_swift is not null)
            await _swift.DisposeAsync();
        if (_kept is not null)
            return;
        if (Environment.IsPrivilegedProcess)
            await _kiban.RunAsync(["local", "down", "--name", Name], CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<(ImageBuilder Builder, IReadOnlyList<BuiltImage> Images)> BuildAsync(CancellationToken cancellationToken)
    {
        var builder = new ImageBuilder(new ImageBuilderOptions(), new DiagnosticProgress(), TimeProvider.System);
        var images = new List<BuiltImage>();
        foreach (var definition in TestImages.All)
            images.Add(await builder.BuildAsync(definition, cancellationToken));
        return (builder, images);
    }

    private async Task LoadAsync((ImageBuilder Builder, IReadOnlyList<BuiltImage> Images) built, CancellationToken cancellationToken)
    {
        var cluster = LocalCluster.Cluster.Open(new ClusterDirectory(Path.Combine(_folder, "clusters", Name)), agentCommand: [], TimeProvider.System);
        var node = new NodeImageStore(cluster.Node.ContainerdSocket ?? throw new InvalidOperationException("The node does not live."));
        foreach (var image in built.Images)
            await node.LoadAsync(built.Builder, image, cancellationToken);
    }

    private static async Task<SwiftServer> StartObjectStoreAsync(CancellationToken cancellationToken)
    {
        var swift = await SwiftServer.StartAsync(IPAddress.Any, [FirstUser, SecondUser], cancellationToken);
        await swift.CreateBucketAsync(FirstUser, FirstBucket, new Dictionary<string, string> { ["weights.bin"] = "weights" }, cancellationToken);
        await swift.CreateBucketAsync(SecondUser, SecondBucket, new Dictionary<string, string> { ["renewed.bin"] = "weights" }, cancellationToken);
        return swift;
    }

    private sealed class DiagnosticProgress : IProgress<string>
    {
        public void Report(string value) => TestContext.Current.SendDiagnosticMessage(value);
    }
}
