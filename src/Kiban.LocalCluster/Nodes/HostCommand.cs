using Kiban.LocalCluster.Doctor;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Nodes;

/// <summary>Runs the small programs of the machine that arrange networks and namespaces.</summary>
internal static class HostCommand
{
    /// <summary>Runs the program, with <paramref name="input"/> on standard input, and returns what it printed.</summary>
    /// <exception cref="LocalClusterException">It is not installed, or failed; the message says what it said.</exception>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken, string? input = null)
    {
        var result = await Command.RunAsync(RequiredProgram.Locate(program), arguments, cancellationToken, input);
        return result.Succeeded
            ? result.Output
            : throw new LocalClusterException($"'{program} {string.Join(' ', arguments)}'{(input is null ? "" : $" with '{input.Trim()}'")} failed (exit code {result.ExitCode}): {result.Error.Trim()}");
    }
}
