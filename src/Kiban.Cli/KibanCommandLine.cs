using System.CommandLine;
using System.CommandLine.Help;
using Kiban.Cli.Completion;
using Kiban.Cli.Images;
using Kiban.Cli.Local;
using Kiban.Images;
using Kiban.LocalCluster;
using Kiban.Processes;

namespace Kiban.Cli;

/// <summary>The command line as a whole: commands, help, exit codes.</summary>
internal static class KibanCommandLine
{
    // Long enough to stop what an interrupted command has started; after that the process ends anyway.
    private static readonly TimeSpan TidyingTime = TimeSpan.FromSeconds(60);

    /// <summary>Runs a command line and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = CreateRoot().Parse(arguments);
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TidyingTime };
        try
        {
            var code = await parsed.InvokeAsync(configuration);
            // System.CommandLine has the same code for a wrong command line as for a command that failed.
            return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
        }
        catch (Exception e) when (e is LocalClusterException or ImageBuildException or CommandException or IOException or UnauthorizedAccessException)
        {
            await configuration.Error.WriteLineAsync($"error: {e.Message}");
            return ExitCodes.Failure;
        }
        catch (OperationCanceledException)
        {
            await configuration.Error.WriteLineAsync("interrupted");
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("Kiban on this machine: local clusters, images.")
        {
            LocalCommand.Create(),
            ImagesCommand.Create(),
            CompletionCommand.Create(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesHelpAction((HelpAction)help.Action!);
        return root;
    }
}
