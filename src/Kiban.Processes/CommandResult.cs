namespace Kiban.Processes;

/// <summary>How a command ended.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>How much of a failing program's complaint an error quotes, in characters.</summary>
    private const int QuotedComplaint = 2000;

    /// <summary>The program, for errors.</summary>
    public string Program { get; init; } = "the program";

    /// <summary>Exit code 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>What it printed.</summary>
    /// <exception cref="CommandException">It failed; the message quotes the end of its complaint.</exception>
    public string RequireOutput() =>
        Succeeded ? Output : throw new CommandException($"{Program} ended with exit code {ExitCode}: {LastPart(Error.Trim())}");

    private static string LastPart(string complaint) => complaint.Length <= QuotedComplaint ? complaint : "…" + complaint[^QuotedComplaint..];
}
