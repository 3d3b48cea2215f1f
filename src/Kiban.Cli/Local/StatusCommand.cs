using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kiban.Cli.Terminal;
using Spectre.Console;

namespace Kiban.Cli.Local;

/// <summary><c>kiban local status</c></summary>
internal static class StatusCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var name = new ClusterNameOption();
        var format = new Option<OutputFormat>("--output", "-o") { Description = "How to print it" };
        var command = new Command("status", $"What runs of a cluster; exit code {ExitCodes.NotRunning} unless all of it does") { name, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var cluster = name.Open(parsed);
            var (controlPlane, components) = await cluster.ObserveAsync(cancellationToken);
            var report = new ClusterStatusReport(
                parsed.GetRequiredValue(name),
                components.All(component => component is { IsRunning: true, IsReady: true }),
                cluster.Options.Binaries.Version.ToString(),
                controlPlane.Server.GetLeftPart(UriPartial.Authority),
                controlPlane.KubeconfigPath,
                components);
            Print(parsed, report, parsed.GetValue(format));
            return report.IsReady ? ExitCodes.Success : ExitCodes.NotRunning;
        });
        return command.WithExamples(
            ("kiban local status", "a table"),
            ("kiban local status -o json | jq -r .server", "for scripts"));
    }

    private static void Print(ParseResult parsed, ClusterStatusReport report, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(report, Json));
            return;
        }

        var console = TerminalConsole.Output;
        console.WriteLine($"Cluster '{report.Name}', Kubernetes {report.KubernetesVersion}, {report.Server}");
        var table = new Table().Border(TableBorder.None).AddColumns("COMPONENT", "STATE", "PID");
        foreach (var component in report.Components)
        {
            table.AddRow(
                new Text(component.Name),
                component switch
                {
                    { IsRunning: false } => new Markup("[red]stopped[/]"),
                    { IsReady: false } => new Markup("[yellow]not ready[/]"),
                    _ => new Markup("[green]ready[/]"),
                },
                new Text(component.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? ""));
        }

        console.Write(table);
        if (!report.IsReady)
        {
            console.WriteLine($"'kiban local up --name {report.Name}' starts what does not run; 'kiban local logs --name {report.Name}' names the logs.");
        }
    }
}
