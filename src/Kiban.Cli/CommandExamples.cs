using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Kiban.Cli;

/// <summary>Examples that a command shows below its help.</summary>
internal static class CommandExamples
{
    private static readonly ConditionalWeakTable<Command, IReadOnlyList<(string Line, string Meaning)>> All = [];

    /// <summary>Gives the command examples: what is typed, and what it does.</summary>
    public static Command WithExamples(this Command command, params (string Line, string Meaning)[] examples)
    {
        All.AddOrUpdate(command, examples);
        return command;
    }

    /// <summary>The command's examples.</summary>
    public static IReadOnlyList<(string Line, string Meaning)> Of(Command command) => All.TryGetValue(command, out var examples) ? examples : [];
}
