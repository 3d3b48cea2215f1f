using System.Diagnostics;
using Kiban.LocalCluster.ControlPlanes;
using Kiban.LocalCluster.Processes;
using Kiban.Testing;

namespace Kiban.Bench.Processes;

/// <summary>The manager as it is in the image: published ahead-of-time compiled, with its own runtime.</summary>
internal sealed class PublishedManager : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private PublishedManager(ChildProcess process, int httpPort, TimeSpan timeToReady) => (_process, HttpPort, TimeToReady) = (process, httpPort, timeToReady);

    /// <summary>Port of its metrics.</summary>
    public int HttpPort { get; }

    /// <summary>Time from its start until <c>/readyz</c> was true: caches in step, certificate made and registered.</summary>
    public TimeSpan TimeToReady { get; }

    /// <summary>Its memory now.</summary>
    public ProcessMemory Memory => ProcessMemory.Of(_process.Id);

    /// <inheritdoc cref="ChildProcess.ProcessorTime"/>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>Builds it.</summary>
    /// <returns>The folder of the program.</returns>
    public static async Task<string> PublishAsync(CancellationToken cancellationToken)
    {
        var output = Path.Combine(Repository.Root, "artifacts", "bench", "manager");
        var result = await Command.RunAsync(
            "dotnet", ["publish", Path.Combine(Repository.Root, "src", "Kiban.Manager"), "-c", "Release", "-o", output, "-v", "quiet"], cancellationToken);
        return result.Succeeded ? output : throw new InvalidOperationException($"The manager could not be published: {result.Output} {result.Error}");
    }

    /// <summary>Starts it against a cluster, and waits until it is ready.</summary>
    public static async Task<PublishedManager> StartAsync(string folder, ControlPlane cluster, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Choose(2);
        var started = Stopwatch.StartNew();
        var process = ChildProcess.Start(
            Path.Combine(folder, "Kiban.Manager"),
            [
                $"--Manager:Kubeconfig={cluster.KubeconfigPath}", $"--Manager:HttpPort={ports[0]}",
                $"--Admission:Port={ports[1]}", $"--Admission:Url=https://127.0.0.1:{ports[1]}",
            ],
            Path.Combine(cluster.Directory.Path, "manager.log"),
            // As deploy/ has it.
            new Dictionary<string, string>
            {
                ["DOTNET_EnableDiagnostics"] = "0", ["DOTNET_GCGen0MaxBudget"] = "0x200000", ["MALLOC_ARENA_MAX"] = "2", ["MALLOC_MMAP_THRESHOLD_"] = "65536",
            });
        await process.WaitUntilAnsweringAsync(new Uri($"http://127.0.0.1:{ports[0]}/readyz"), cancellationToken);
        return new PublishedManager(process, ports[0], started.Elapsed);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
