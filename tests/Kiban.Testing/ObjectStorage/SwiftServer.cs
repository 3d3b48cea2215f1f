using System.Diagnostics;
using System.Net;
using System.Text;
using Kiban.LocalCluster;
using Kiban.LocalCluster.Processes;

namespace Kiban.Testing.ObjectStorage;

/// <summary>
/// A real S3 server: OpenStack Swift from Debian's packages with its S3 front and its simplest authentication, in processes of its own and
/// with all data in a temporary folder.
/// </summary>
public sealed class SwiftServer : IAsyncDisposable
{
    /// <summary>The region that requests must be signed for.</summary>
    public const string Region = "us-east-1";

    private const int LargestPage = 1000;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly string _folder;
    private readonly OwnerGuard _guard;
    private readonly List<Process> _processes = [];
    private readonly HttpClient _http = new();
    private readonly Dictionary<SwiftUser, (string Account, string Token)> _sessions = [];

    private SwiftServer(string folder, int port)
    {
        _folder = folder;
        _guard = OwnerGuard.Start(new ClusterDirectory(folder));
        Port = port;
    }

    /// <summary>Whether the packages are on this machine.</summary>
    public static bool IsInstalled => File.Exists("/usr/bin/swift-proxy-server") && File.Exists("/usr/bin/memcached");

    /// <summary>Port of the S3 API.</summary>
    public int Port { get; }

    /// <summary>Base address of the S3 API for clients on this machine.</summary>
    public Uri Endpoint => new($"http://{IPAddress.Loopback}:{Port}/");

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="address">The address to listen on: loopback, or any, so that Pods reach it.</param>
    /// <param name="users">Who may use it.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="InvalidOperationException">A process ended or did not answer in time; the message has its log.</exception>
    public static Task<SwiftServer> StartAsync(IPAddress address, IEnumerable<SwiftUser> users, CancellationToken cancellationToken) =>
        StartAsync(address, users, LargestPage, cancellationToken);

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="address">The address to listen on: loopback, or any, so that Pods reach it.</param>
    /// <param name="users">Who may use it.</param>
    /// <param name="pageSize">Most keys in a page of a listing.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="InvalidOperationException">A process ended or did not answer in time; the message has its log.</exception>
    public static async Task<SwiftServer> StartAsync(IPAddress address, IEnumerable<SwiftUser> users, int pageSize, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("kiban-swift-").FullName;
        var ports = SwiftPorts.Free();
        var server = new SwiftServer(folder, ports.Proxy);
        try
        {
            var configuration = new SwiftConfiguration(folder, address, ports, Environment.UserName, pageSize);
            configuration.Write(users);
            await server.BuildRingsAsync(ports, cancellationToken);
            server.Start("memcached", ["-l", $"{IPAddress.Loopback}", "-p", $"{ports.Memcached}", "-U", "0", "-m", "16", "-u", Environment.UserName]);
            foreach (var storage in SwiftConfiguration.StorageServers)
                server.Start($"swift-{storage}-server", [configuration.PathOf(storage), "--verbose"]);
            server.Start("swift-proxy-server", [configuration.PathOf("proxy"), "--verbose"]);
            foreach (var storage in SwiftConfiguration.StorageServers)
                await server.WaitUntilServingAsync(new Uri($"http://{IPAddress.Loopback}:{ports.Of(storage)}/"), cancellationToken);
            await server.WaitUntilServingAsync(server.Endpoint, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a private bucket of the user's account and puts objects into it.</summary>
    public async Task CreateBucketAsync(
        SwiftUser user,
        string bucket,
        IReadOnlyDictionary<string, string> objects,
        CancellationToken cancellationToken)
    {
        await SendAsync(user, HttpMethod.Put, bucket, null, cancellationToken);
        foreach (var (name, content) in objects)
            await PutAsync(user, bucket, name, Encoding.UTF8.GetBytes(content), cancellationToken);
    }

    /// <summary>Puts an object, in the place of the one with the same key if there is one.</summary>
    public Task PutAsync(SwiftUser user, string bucket, string key, byte[] content, CancellationToken cancellationToken) =>
        SendAsync(user, HttpMethod.Put, $"{bucket}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}", content, cancellationToken);

    /// <summary>Takes an object away.</summary>
    public Task DeleteAsync(SwiftUser user, string bucket, string key, CancellationToken cancellationToken) =>
        SendAsync(user, HttpMethod.Delete, $"{bucket}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}", null, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
        _guard.Dispose();
    }

    /// <summary>Sends a request of Swift's own API, on whatever account the user has.</summary>
    private async Task SendAsync(SwiftUser user, HttpMethod method, string path, byte[]? content, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(user, out var session))
        {
            using var login = new HttpRequestMessage(HttpMethod.Get, new Uri(Endpoint, "auth/v1.0"));
            login.Headers.Add("X-Auth-User", $"{user.Account}:{user.Name}");
            login.Headers.Add("X-Auth-Key", user.Key);
            using var answer = (await _http.SendAsync(login, cancellationToken)).EnsureSuccessStatusCode();
            session = (answer.Headers.GetValues("X-Storage-Url").Single(), answer.Headers.GetValues("X-Auth-Token").Single());
            _sessions[user] = session;
        }

        using var request = new HttpRequestMessage(method, $"{session.Account}/{path}") { Content = new ByteArrayContent(content ?? []) };
        request.Headers.Add("X-Auth-Token", session.Token);
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Few partitions, one replica, one device a ring: data is where the one server of its kind is.</summary>
    private async Task BuildRingsAsync(SwiftPorts ports, CancellationToken cancellationToken)
    {
        await Task.WhenAll(SwiftConfiguration.StorageServers.Select(BuildAsync));

        async Task BuildAsync(string server)
        {
            var builder = Path.Combine(_folder, $"{server}.builder");
            await RunAsync(builder, "create", "4", "1", "0");
            await RunAsync(builder, "add", $"r1z1-{IPAddress.Loopback}:{ports.Of(server)}/disk", "1");
            await RunAsync(builder, "rebalance");
        }

        async Task RunAsync(params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo("swift-ring-builder", arguments) { RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);

            // 1 is the tool's warning, for instance of a ring with a single device.
            if (process.ExitCode > 1)
                throw new InvalidOperationException($"swift-ring-builder {string.Join(' ', arguments)} failed: {output}");
        }
    }

    /// <summary>Starts a process whose output goes to a file, which no reader can fall behind.</summary>
    private void Start(string program, string[] arguments)
    {
        const string script = """log=$1; shift; exec "$@" >"$log" 2>&1 </dev/null""";
        _processes.Add(Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script, "sh", LogPath(program), program, .. arguments])
        {
            // By this variable the guard finds what a killed test run leaves behind.
            Environment = { ["SWIFT_DIR"] = _folder, ["KIBAN_CLUSTER"] = _folder },
        })!);
    }

    private async Task WaitUntilServingAsync(Uri address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (_processes.All(process => !process.HasExited) && !limit.IsCancellationRequested)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri(address, "healthcheck"), limit.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // Not yet; the loop's condition decides for how long to go on.
            }

            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }

        var logs = Directory.GetFiles(_folder, "*.log").Select(log => $"{Path.GetFileName(log)}:\n{File.ReadAllText(log)}");
        throw new InvalidOperationException($"Swift did not start.\n{string.Join('\n', logs)}");
    }

    private string LogPath(string program) => Path.Combine(_folder, $"{program}.log");
}
