using System.CommandLine;
using Kiban.Loader.Loading;
using Kiban.Loader.Progress;

namespace Kiban.Loader.Commands;

/// <summary><c>kiban-loader load</c></summary>
internal sealed class LoadCommand
{
    private const int MostConnections = 256;

    private readonly Option<string> _into = new("--into", "-i") { Description = "Directory to load into: the volume", HelpName = "DIR", Required = true };

    private readonly Option<bool> _prune = new("--prune") { Description = "Remove files that an earlier load put there and the sources no longer have" };

    private readonly Option<string?> _loadId = new("--load-id")
    {
        Description = "Name of this load; one with another name keeps finished files, but does not continue begun ones and has a budget of its own",
        HelpName = "ID",
    };

    private readonly Option<double> _egressBudget = new("--egress-budget")
    {
        Description = "Bytes that may be fetched over all attempts, as a multiple of the size of the data",
        HelpName = "FACTOR",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<long> _memory = new("--memory")
    {
        Description = "Bytes for all buffers together",
        HelpName = "BYTES",
        DefaultValueFactory = _ => 4 * 1024 * 1024,
    };

    private readonly Option<int> _connections = new("--connections") { Description = "Most ranges at once", HelpName = "N", DefaultValueFactory = _ => 32 };

    private readonly Option<long?> _partSize = new("--part-size") { Description = "Longest range, bytes; 8 to 64 MiB by what there is to load, where it is not given", HelpName = "BYTES" };

    private readonly Option<string?> _seed = new("--seed")
    {
        Description = "Directory with an earlier load of the same sources, such as a restored snapshot; what is unchanged is taken from there",
        HelpName = "DIR",
    };

    /// <summary>The command.</summary>
    public static Command Create(TimeProvider time)
    {
        var options = new LoadCommand();
        var command = new Command("load", """
            Load sources into a directory, verified; begun loads are continued, unchanged files are kept.

            Examples:
              kiban-loader load --source s3://bucket/imagenet/ --into /data
              kiban-loader load --source gs://bucket/c4/ --include '*.parquet' --into /data --path c4
              kiban-loader load --source s3://bucket/set/ --endpoint-url https://s3.example.com --credentials ./secret --into /data

            Patterns: * and ? within a name, [a-z], ** for any number of folders; one without a slash is compared with the last name of a path.
            Exit codes: 0 loaded, 1 failed in passing, 2 wrong usage, 3 failed for good, 143 ended by a signal.
            """)
        {
            options._into, options._prune, options._loadId, options._egressBudget, options._memory, options._connections, options._partSize, options._seed,
        };
        var sources = new SourceOptions(command);
        command.SetAction((parsed, cancellationToken) => options.RunAsync(parsed, sources, time, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, SourceOptions sources, TimeProvider time, CancellationToken cancellationToken)
    {
        var status = new LoadStatus(time);
        ProgressReporter? progress = null;
        try
        {
            return await CommandEnd.RunAsync(
                sources.TerminationLog(parsed),
                async cancel =>
                {
                    var options = Read(parsed, sources);
                    var isJson = sources.IsJson(parsed);
                    progress = new ProgressReporter(
                        status, isJson ? new JsonLinesOutput(Console.Out) : new TextOutput(Console.Out, !Console.IsOutputRedirected), time);
                    return await LoadAsync(parsed, sources, options, status, time, cancel).ConfigureAwait(false);
                },
                message =>
                {
                    progress?.Fail(message);
                    Console.Error.WriteLine(message);
                },
                report => report with
                {
                    Bytes = status.Counters.Bytes,
                    Files = status.Counters.Files,
                    FetchedBytes = status.Budget?.Fetched ?? 0,
                    ReusedBytes = status.Counters.ReusedBytes,
                },
                time,
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (progress is not null)
                await progress.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<EndReport> LoadAsync(
        ParseResult parsed, SourceOptions sources, LoadOptions options, LoadStatus status, TimeProvider time, CancellationToken cancellationToken)
    {
        var opened = sources.OpenSources(parsed, options.Connections, time);
        try
        {
            var summary = await new LoadRun(opened, options, status, time).RunAsync(cancellationToken).ConfigureAwait(false);
            return new EndReport
            {
                State = nameof(LoadReason.Loaded),
                Reason = nameof(LoadReason.Loaded),
                Message = status.State.Message,
                Digest = summary.Digest,
                Bytes = summary.Bytes,
                Files = summary.Files,
                FetchedBytes = summary.FetchedBytes,
                ReusedBytes = summary.ReusedBytes,
            };
        }
        finally
        {
            foreach (var source in opened)
                source.Store.Dispose();
        }
    }

    private LoadOptions Read(ParseResult parsed, SourceOptions sources)
    {
        var options = sources.Read(parsed, parsed.GetRequiredValue(_into)) with
        {
            Prunes = parsed.GetValue(_prune),
            LoadId = parsed.GetValue(_loadId),
            EgressFactor = parsed.GetValue(_egressBudget),
            BufferMemory = parsed.GetValue(_memory),
            Connections = parsed.GetValue(_connections),
            PartSize = parsed.GetValue(_partSize),
            Seed = parsed.GetValue(_seed),
        };
        return options switch
        {
            { Connections: < 1 or > MostConnections } => throw SourceOptions.Wrong($"--connections is {options.Connections}; 1 to {MostConnections} are wanted."),
            { EgressFactor: not >= 1 } => throw SourceOptions.Wrong($"--egress-budget is {options.EgressFactor}; at least 1 is wanted, as everything is fetched once."),
            { BufferMemory: < 1024 * 1024 } => throw SourceOptions.Wrong($"--memory is {options.BufferMemory} bytes; at least 1048576 are wanted."),
            { PartSize: < 1024 * 1024 } => throw SourceOptions.Wrong($"--part-size is {options.PartSize} bytes; at least 1048576 are wanted."),
            _ => options,
        };
    }
}
