using System.CommandLine;
using Kiban.Cli.Terminal;

namespace Kiban.Cli.Local;

/// <summary><c>kiban local binaries</c></summary>
internal static class BinariesCommand
{
    public static Command Create()
    {
        var binaries = new BinaryOptions();
        var command = new Command("binaries", "Get the programs of Kubernetes into the cache, without starting anything, and print their folder");
        binaries.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var programs = await ProgressDisplay.RunAsync(
                TerminalConsole.Error, TimeProvider.System, "Kubernetes", display => binaries.ResolveAsync(parsed, node: true, display, cancellationToken));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(programs.Folder);
            return ExitCodes.Success;
        });
        return command.WithExamples(
            ("kiban local binaries", "fill the cache"),
            ("kiban local binaries --kubernetes-version v1.34.1", "with one release"));
    }
}
