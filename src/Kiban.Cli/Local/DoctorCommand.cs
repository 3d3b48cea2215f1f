using System.CommandLine;
using Kiban.Cli.Terminal;
using Kiban.LocalCluster.Doctor;
using Spectre.Console;

namespace Kiban.Cli.Local;

/// <summary><c>kiban local doctor</c></summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var controlPlaneOnly = new Option<bool>("--control-plane-only") { Description = "Only what a control plane without a node needs" };
        var install = new Option<bool>("--print-missing-packages") { Description = "Print only the names of missing Debian packages, in one line" };
        var command = new Command("doctor", $"Check everything that a cluster needs of the machine; exit code {ExitCodes.MachineUnfit} when it lacks something")
        {
            controlPlaneOnly, install,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var diagnosis = Diagnosis.Of(await MachineFacts.CollectAsync(cancellationToken), node: !parsed.GetValue(controlPlaneOnly));
            if (parsed.GetValue(install))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Join(' ', diagnosis.MissingPackages));
            }
            else
            {
                Print(diagnosis);
            }

            return diagnosis.IsHealthy ? ExitCodes.Success : ExitCodes.MachineUnfit;
        });
        return command.WithExamples(
            ("kiban local doctor", "check the machine"),
            ("kiban local doctor --control-plane-only", "where no Pods are to run"));
    }

    private static void Print(Diagnosis diagnosis)
    {
        var console = TerminalConsole.Output;
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("state", "need", "detail");
        foreach (var finding in diagnosis.Findings)
        {
            table.AddRow(
                finding.Severity switch
                {
                    FindingSeverity.Good => new Markup("[green]good[/]"),
                    FindingSeverity.Warning => new Markup("[yellow]warning[/]"),
                    _ => new Markup("[red]problem[/]"),
                },
                new Text(finding.Need),
                new Text(finding.Detail));
        }

        console.Write(table);
        if (diagnosis.InstallCommand is { } line)
        {
            console.WriteLine();
            console.WriteLine("Install what is missing:");
            // Not through the console's line breaking: it is to be copied.
            console.Profile.Out.Writer.WriteLine("  " + line);
        }
    }
}
