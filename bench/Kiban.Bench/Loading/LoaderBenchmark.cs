using System.Globalization;
using Kiban.Bench.Processes;
using Kiban.Bench.Reporting;
using Kiban.LocalCluster.Processes;
using Kiban.Testing;

namespace Kiban.Bench.Loading;

/// <summary>How fast the loader fills a directory, at which cost, beside the tools that people use for it.</summary>
internal sealed class LoaderBenchmark : IBenchmark
{
    private const double GiB = 1024.0 * 1024 * 1024;

    /// <inheritdoc/>
    public string Name => "loader";

    /// <inheritdoc/>
    public string Description => "the loader beside rclone, awscli and s3cmd, on the same server and disk";

    /// <inheritdoc/>
    public async Task RunAsync(BenchmarkOptions options, Report report, CancellationToken cancellationToken)
    {
        var isQuick = options.Objects == BenchmarkOptions.Quick.Objects;
        var rounds = isQuick ? 1 : Math.Min(options.Rounds, 3);
        var folder = Path.Combine(Repository.Root, "artifacts", "bench", "loading");
        Directory.CreateDirectory(folder);
        var tools = LoadTool.All(await PublishAsync(cancellationToken), folder);
        report.Note(await VersionsAsync(cancellationToken));
        await using var server = await ObjectServer.StartAsync(folder, isQuick, cancellationToken);
        foreach (var workload in LoadWorkload.All(isQuick))
        {
            File.WriteAllLines(BareCopy.ListOf(folder, workload.Name), workload.Objects.Select(item => $"{item.Key}\t{item.Value}"));
            var results = tools.ToDictionary(tool => tool.Name, _ => new List<MeasuredLoad>());
            for (var round = 0; round < rounds; round++)
            {
                foreach (var tool in tools.Where(tool => options.Only is null || tool.Name == tools[0].Name || tool.Name.StartsWith(options.Only, StringComparison.Ordinal) || tool.Name == BareCopy.Name))
                    results[tool.Name].Add(await MeasureAsync(tool, workload, server, folder, cancellationToken));
            }

            Write(report, workload, results);
        }

        report.Note(
            "Seconds are from the start of a program until all that it wrote is on the disk (a sync after its end is counted); medians of "
            + $"{rounds} rounds. Processor time and memory are of the program alone. Server and disk are the same for all; the server takes processor time from each of them.");
    }

    private static async Task<MeasuredLoad> MeasureAsync(LoadTool tool, LoadWorkload workload, ObjectServer server, string folder, CancellationToken cancellationToken)
    {
        var target = Path.Combine(folder, "target");
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        Directory.CreateDirectory(target);
        MeasuredProcess.SyncDisks();
        var serverTime = server.ProcessorTime;
        var process = await MeasuredProcess.RunAsync(
            tool.Program, tool.Arguments(server.Endpoint, workload.Name, target), tool.Environment, Path.Combine(folder, "tool.log"), cancellationToken);
        var before = System.Diagnostics.Stopwatch.GetTimestamp();
        MeasuredProcess.SyncDisks();
        var sync = System.Diagnostics.Stopwatch.GetElapsedTime(before);
        foreach (var (key, size) in workload.Objects)
        {
            if (new FileInfo(Path.Combine(target, key)) is not { Exists: true, Length: var length } || length != size)
                throw new InvalidOperationException($"{tool.Name} did not load {key}.");
        }

        Directory.Delete(target, recursive: true);
        return new MeasuredLoad(process.Elapsed + sync, process.Elapsed, process.ProcessorTime, server.ProcessorTime - serverTime, process.PeakMemory);
    }

    private static void Write(Report report, LoadWorkload workload, Dictionary<string, List<MeasuredLoad>> results)
    {
        var medians = results.Where(result => result.Value.Count > 0).ToDictionary(result => result.Key, result => MeasuredLoad.Median(result.Value));
        var ours = medians.Values.First();
        var bare = medians[BareCopy.Name];
        report.Note($"**{workload.Description}**, {Report.Number(workload.Bytes / GiB, 2)} GiB");
        report.Table(
            ["", "s", "without sync", "MiB/s", "of the bare copy", "kiban-loader is faster by", "CPU s/GiB", "ratio", "peak MiB", "ratio", "server CPU s"],
            medians.Select(IReadOnlyList<string> (result) =>
            {
                var (name, load) = (result.Key, result.Value);
                return
                [
                    name,
                    Report.Number(load.Elapsed.TotalSeconds, 2),
                    Report.Number(load.Running.TotalSeconds, 2),
                    Report.Number(workload.Bytes / 1024.0 / 1024 / load.Elapsed.TotalSeconds, 0),
                    (100 * bare.Elapsed / load.Elapsed).ToString("F0", CultureInfo.InvariantCulture) + " %",
                    Report.Ratio(load.Elapsed.TotalSeconds, ours.Elapsed.TotalSeconds),
                    Report.Number(load.ProcessorTime.TotalSeconds / (workload.Bytes / GiB), 2),
                    Report.Ratio(load.ProcessorTime.TotalSeconds, ours.ProcessorTime.TotalSeconds),
                    Report.Number(load.PeakMemory),
                    Report.Ratio(load.PeakMemory, ours.PeakMemory),
                    Report.Number(load.ServerTime.TotalSeconds, 2),
                ];
            }));
    }

    private static async Task<string> PublishAsync(CancellationToken cancellationToken)
    {
        // Where the tests have it too, beside the output of everyday builds, whose packages are not those of a native program.
        var artifacts = Path.Combine(Repository.Root, "artifacts", "native");
        var output = Path.Combine(artifacts, "kiban-loader");
        var result = await Command.RunAsync(
            "dotnet",
            [
                "publish", Path.Combine(Repository.Root, "src", "Kiban.Loader"), "-c", "Release", "-o", output, "-v", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false",
                "--artifacts-path", artifacts,
            ],
            cancellationToken);
        return result.Succeeded ? Path.Combine(output, "kiban-loader") : throw new InvalidOperationException($"The loader could not be published: {result.Output} {result.Error}");
    }

    private static async Task<string> VersionsAsync(CancellationToken cancellationToken)
    {
        var versions = new List<string>();
        foreach (var (program, argument) in ((string, string)[])[("/usr/bin/rclone", "version"), ("/usr/bin/aws", "--version"), ("/usr/bin/s3cmd", "--version")])
        {
            var result = await Command.RunAsync(program, [argument], cancellationToken);
            versions.Add((result.Output + result.Error).Split('\n')[0].Trim());
        }

        return $"Peers: {string.Join("; ", versions)}.";
    }
}
