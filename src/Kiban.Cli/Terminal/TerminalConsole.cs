using Spectre.Console;

namespace Kiban.Cli.Terminal;

/// <summary>Where people read. Colours and moving lines appear on a terminal only, and not when NO_COLOR is set.</summary>
internal static class TerminalConsole
{
    /// <summary>Results.</summary>
    public static IAnsiConsole Output { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Progress and errors.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            // A file has no width; lines are broken by whoever shows it.
            console.Profile.Width = 4096;
        }

        return console;
    }
}
