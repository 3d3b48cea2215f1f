using System.CommandLine;
using Kiban.LocalCluster;

namespace Kiban.Cli.Local;

/// <summary><c>kiban local kubeconfig</c></summary>
internal static class KubeconfigCommand
{
    public static Command Create()
    {
        var name = new ClusterNameOption();
        var path = new Option<bool>("--path") { Description = "Print the file's path instead of its content" };
        var command = new Command("kubeconfig", "Print the administrator's kubeconfig") { name, path };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = name.Open(parsed).Options.Directory.KubeconfigPath;
            if (!File.Exists(file))
            {
                throw new LocalClusterException($"Cluster '{parsed.GetValue(name)}' has no kubeconfig yet; 'kiban local up' finishes it.");
            }

            var output = parsed.InvocationConfiguration.Output;
            await (parsed.GetValue(path) ? output.WriteLineAsync(file) : output.WriteAsync(await File.ReadAllTextAsync(file, cancellationToken)));
            return ExitCodes.Success;
        });
        return command.WithExamples(("export KUBECONFIG=$(kiban local kubeconfig --path)", "let kubectl use the cluster"));
    }
}
