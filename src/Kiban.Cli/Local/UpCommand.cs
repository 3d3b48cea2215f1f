using System.CommandLine;
using Kiban.Cli.Terminal;
using Kiban.LocalCluster;
using Kiban.LocalCluster.Binaries;

namespace Kiban.Cli.Local;

/// <summary><c>kiban local up</c></summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var name = new ClusterNameOption();
        var binaries = new BinaryOptions();
        var controlPlaneOnly = new Option<bool>("--control-plane-only") { Description = "No node: the API works, but no Pod runs. Needs no root" };
        var command = new Command("up", "Bring up a cluster, or what of it does not run; safe to repeat and to interrupt") { name, controlPlaneOnly };
        binaries.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed, parsed.GetRequiredValue(name), binaries, node: !parsed.GetValue(controlPlaneOnly), cancellationToken));
        return command.WithExamples(
            ("kiban local up", "a cluster with a node, called 'kiban'"),
            ("kiban local up --name second --control-plane-only", "beside it, an API server to try manifests against"),
            ("kiban local up --binaries ~/k8s/bin", "with programs of your own"));
    }

    private static async Task<int> RunAsync(ParseResult parsed, string name, BinaryOptions binaries, bool node, CancellationToken cancellationToken)
    {
        if (node && !Environment.IsPrivilegedProcess)
        {
            throw new LocalClusterException("A node changes network, mounts and cgroups of the machine: run as root, or with --control-plane-only.");
        }

        var directory = Cluster.DirectoryOf(name);
        var controlPlane = await ProgressDisplay.RunAsync(TerminalConsole.Error, TimeProvider.System, $"cluster {name}", async display =>
        {
            var programs = Present(parsed, binaries, directory, node) ?? await binaries.ResolveAsync(parsed, node, display, cancellationToken);
            var cluster = new Cluster(new ClusterOptions { Directory = directory, Binaries = programs, Node = node, AgentCommand = SelfCommand.Agent });
            return await cluster.UpAsync(display, cancellationToken);
        });
        await using (controlPlane)
        {
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"Cluster '{name}' is up: Kubernetes {controlPlane.Layout.Options.Binaries.Version} at {controlPlane.Server.GetLeftPart(UriPartial.Authority)}");
            await output.WriteLineAsync($"  export KUBECONFIG={controlPlane.KubeconfigPath}");
            return ExitCodes.Success;
        }
    }

    // A cluster keeps its release until another one is asked for.
    private static KubernetesBinaries? Present(ParseResult parsed, BinaryOptions options, ClusterDirectory directory, bool node)
    {
        if (options.IsGiven(parsed) || ClusterSettings.Load(directory)?.Binaries is not { } binaries)
        {
            return null;
        }

        return KubernetesBinaries.ControlPlanePrograms.Concat(node ? KubernetesBinaries.NodePrograms : []).All(binaries.Has) ? binaries : null;
    }
}
