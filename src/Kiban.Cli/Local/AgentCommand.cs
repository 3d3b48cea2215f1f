using System.CommandLine;
using Kiban.LocalCluster;
using Kiban.LocalCluster.Agent;
using Microsoft.Extensions.Logging;

namespace Kiban.Cli.Local;

/// <summary><c>kiban local agent</c>: the daemon that a cluster runs of this program; not for people.</summary>
internal static class AgentCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("directory") { Description = "Directory of the cluster" };
        var command = new Command("agent", "Run a cluster's agent") { directory };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
            }));
            var cluster = Cluster.Open(new ClusterDirectory(parsed.GetRequiredValue(directory)), SelfCommand.Agent, TimeProvider.System);
            var agent = new ClusterAgent(cluster.Options.Directory, cluster.AgentTasks(logging), TimeProvider.System, logging.CreateLogger<ClusterAgent>());
            await agent.RunAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }
}
