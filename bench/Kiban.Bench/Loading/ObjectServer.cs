using System.Globalization;
using Kiban.Bench.Processes;
using Kiban.ObjectStore.Testing;
using Kiban.ObjectStore.Testing.S3;
using Kiban.LocalCluster.Processes;

namespace Kiban.Bench.Loading;

/// <summary>The tests' S3 server in a process of its own, with the data sets in it.</summary>
internal sealed class ObjectServer : IAsyncDisposable
{
    /// <summary>First argument with which this program is that server.</summary>
    public const string Command = "object-server";

    /// <summary>The key that opens its buckets.</summary>
    public static AccessKey Key { get; } = new("AKIABENCHBENCHBENCHX", "benchmark-benchmark-benchmark-benchmark0");

    private readonly ChildProcess _process;

    private ObjectServer(ChildProcess process, Uri endpoint) => (_process, Endpoint) = (process, endpoint);

    /// <summary>Base address of its S3 API.</summary>
    public Uri Endpoint { get; }

    /// <inheritdoc cref="ChildProcess.ProcessorTime"/>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>The other process's program: serves until it is killed.</summary>
    public static async Task<int> ServeAsync(int port, bool isQuick)
    {
        await using var server = await TestObjectStore.StartAsync(new TestObjectStoreOptions { S3Port = port }, CancellationToken.None);
        server.Counts.KeepsRequests = false;
        server.Admit(Key);
        foreach (var workload in LoadWorkload.All(isQuick))
        {
            var bucket = server.CreateBucket(workload.Name, isPublic: true);
            workload.Fill(bucket);
            // Checksums are made when they are first asked for; that is no client's work.
            foreach (var stored in bucket.Objects.Values)
                _ = (stored.EffectiveETag, stored.Content.Crc64Nvme);
        }

        server.CreateBucket("ready", isPublic: true).Put("ready", "ready");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        return 0;
    }

    /// <summary>Starts it.</summary>
    public static async Task<ObjectServer> StartAsync(string folder, bool isQuick, CancellationToken cancellationToken)
    {
        var port = FreePorts.Choose(1)[0];
        var endpoint = new Uri($"http://127.0.0.1:{port}");
        var process = ChildProcess.Start(
            ThisProgram.Path,
            ThisProgram.Arguments(Command, port.ToString(CultureInfo.InvariantCulture), isQuick.ToString()),
            Path.Combine(folder, "server.log"));
        await process.WaitUntilAnsweringAsync(new Uri(endpoint, "/ready/ready"), cancellationToken);
        return new ObjectServer(process, endpoint);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
