using System.CommandLine;
using Kiban.Cli.Terminal;
using Kiban.LocalCluster;

namespace Kiban.Cli.Local;

/// <summary><c>kiban local down</c></summary>
internal static class DownCommand
{
    public static Command Create()
    {
        var name = new ClusterNameOption();
        var keepState = new Option<bool>("--keep-state") { Description = "Only stop it: the next 'up' goes on with the same objects" };
        var command = new Command("down", "Stop a cluster and remove all of it; safe to repeat, and right also after a crash") { name, keepState };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var cluster = Cluster.Open(parsed.GetRequiredValue(name), SelfCommand.Agent, TimeProvider.System);
            var isRemoved = cluster is not null && await ProgressDisplay.RunAsync(
                TerminalConsole.Error, TimeProvider.System, $"cluster {parsed.GetValue(name)}", display => cluster.DownAsync(parsed.GetValue(keepState), display, cancellationToken));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                isRemoved ? $"Cluster '{parsed.GetValue(name)}' is down." : $"There is no cluster '{parsed.GetValue(name)}'.");
            return ExitCodes.Success;
        });
        return command.WithExamples(
            ("kiban local down", "remove the cluster 'kiban'"),
            ("kiban local down --keep-state", "stop it, and keep its objects"));
    }
}
