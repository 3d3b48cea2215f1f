using System.Globalization;
using Kiban.Bench.Admission;
using Kiban.Bench.Caching;
using Kiban.Bench.Loading;
using Kiban.Bench.Memory;
using Kiban.Bench.Reporting;
using Kiban.Bench.Startup;

namespace Kiban.Bench;

/// <summary>The command line: which benchmarks run, and how long.</summary>
internal static class BenchmarkCommand
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Usage = 2;

    private static readonly IReadOnlyList<IBenchmark> All = [new PodCreationBenchmark(), new CacheBenchmark(), new ManagerMemoryBenchmark(), new StartupBenchmark(), new LoaderBenchmark()];

    /// <summary>Runs what <paramref name="args"/> name and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (args is [PeerWebhook.Command, .. var arguments])
            return await PeerWebhook.ServeAsync(arguments);

        if (args is [ObjectServer.Command, var objectPort, var isQuick])
            return await ObjectServer.ServeAsync(int.Parse(objectPort, CultureInfo.InvariantCulture), bool.Parse(isQuick));
        if (args is [BareCopy.Command, var from, var bucket, var target, var lists])
            return BareCopy.Run(int.Parse(from, CultureInfo.InvariantCulture), bucket, target, lists);

        var options = BenchmarkOptions.Default;
        var chosen = new List<IBenchmark>();
        foreach (var arg in args)
        {
            if (arg is "-h" or "--help" or "help")
            {
                WriteUsage(output);
                return Success;
            }

            if (arg == "--quick")
                options = BenchmarkOptions.Quick;
            else if (arg == "all")
                chosen.AddRange(All);
            else if (All.FirstOrDefault(benchmark => benchmark.Name == arg) is { } benchmark)
                chosen.Add(benchmark);
            else if (Override(options, arg) is { } changed)
                options = changed;
            else
            {
                error.WriteLine($"There is no benchmark or option '{arg}'.");
                WriteUsage(error);
                return Usage;
            }
        }

        if (chosen.Count == 0)
        {
            WriteUsage(error);
            return Usage;
        }

        var report = new Report(output);
        foreach (var benchmark in chosen.Distinct())
        {
            report.Begin(benchmark.Description, "./dev bench " + string.Join(' ', args), Machine.Describe());
            try
            {
                await benchmark.RunAsync(options, report, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                error.WriteLine("Interrupted.");
                return Failure;
            }
        }

        return Success;
    }

    /// <summary>The options with what an argument such as <c>--rounds=3</c> says, or null where it says nothing known.</summary>
    private static BenchmarkOptions? Override(BenchmarkOptions options, string arg) =>
        arg.StartsWith("--only=", StringComparison.Ordinal) ? options with { Only = arg["--only=".Length..] } : arg.Split('=', 2) is [var name, var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? name switch
            {
                "--rounds" => options with { Rounds = value },
                "--pods" => options with { PodsPerRound = value },
                "--objects" => options with { Objects = value },
                "--events" => options with { Events = value },
                _ => null,
            }
            : null;

    private static void WriteUsage(TextWriter writer)
    {
        writer.WriteLine("Usage: ./dev bench BENCHMARK… [options]");
        writer.WriteLine();
        foreach (var benchmark in All)
            writer.WriteLine($"  {benchmark.Name,-12} {benchmark.Description}");
        writer.WriteLine($"  {"all",-12} all of them");
        writer.WriteLine();
        var defaults = BenchmarkOptions.Default;
        writer.WriteLine($"  --rounds=N   interleaved rounds that count, after the warm-up ({defaults.Rounds})");
        writer.WriteLine($"  --pods=N     Pods created per round and variant ({defaults.PodsPerRound})");
        writer.WriteLine($"  --objects=N  Pods, and Secrets, in the cluster while memory is measured ({defaults.Objects})");
        writer.WriteLine($"  --events=N   events in the stream that the cache is measured with ({defaults.Events})");
        writer.WriteLine("  --only=NAME  of the programs beside the loader, only those whose name begins so (loader)");
        writer.WriteLine("  --quick      small numbers of all these: shows that the benchmarks work, measures nothing");
    }
}
