using System.CommandLine;

namespace Kiban.Cli.Completion;

/// <summary><c>kiban completion</c></summary>
internal static class CompletionCommand
{
    // Each asks the program itself ([suggest:POSITION] LINE), so that names of clusters and logs are completed too.
    private const string Bash = """
        _kiban() {
          local IFS=$'\n' words
          words=$(kiban "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
          COMPREPLY=($(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _kiban kiban
        """;

    private const string Zsh = """
        #compdef kiban
        _kiban() {
          local -a words
          words=("${(@f)$(kiban "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -a words
        }
        compdef _kiban kiban
        """;

    private const string Fish = """
        complete -c kiban -f -a '(kiban "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "The shell" };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print a script that completes kiban's commands in a shell") { shell };
        command.SetAction(async (parsed, _) =>
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Scripts[parsed.GetRequiredValue(shell)]);
            return ExitCodes.Success;
        });
        return command.WithExamples(("source <(kiban completion bash)", "complete in this shell"));
    }
}
