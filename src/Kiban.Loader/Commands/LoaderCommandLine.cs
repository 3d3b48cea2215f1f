using System.CommandLine;

namespace Kiban.Loader.Commands;

/// <summary>The command line as a whole.</summary>
internal static class LoaderCommandLine
{
    /// <summary>A load ends in less than two seconds after a signal; this is for one that does not.</summary>
    private static readonly TimeSpan TerminationTime = TimeSpan.FromSeconds(1.9);

    /// <summary>Runs a command line and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        // Writes to a disk that cannot follow block their threads; what watches over the load must still find one.
        ThreadPool.SetMinThreads(Environment.ProcessorCount + 6, Environment.ProcessorCount);
        var time = TimeProvider.System;
        var root = new RootCommand("Loads data from object storage into a volume: fast, verified, and going on after being killed.")
        {
            LoadCommand.Create(time),
            ListCommand.Create(time),
            WaitCommand.Create(time),
        };
        var parsed = root.Parse(arguments);
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TerminationTime };
        var code = await parsed.InvokeAsync(configuration).ConfigureAwait(false);
        return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
    }
}
