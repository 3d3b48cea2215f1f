using System.CommandLine;
using System.CommandLine.Completions;
using Kiban.LocalCluster;

namespace Kiban.Cli.Local;

/// <summary><c>kiban local logs</c></summary>
internal static class LogsCommand
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var name = new ClusterNameOption();
        var component = new Argument<string?>("component") { Description = "Whose log; without it, the names of the logs", Arity = ArgumentArity.ZeroOrOne };
        component.CompletionSources.Add(context => Logs(Cluster.DirectoryOf(context.ParseResult.GetValue(name) ?? "kiban")).Select(log => new CompletionItem(log)));
        var tail = new Option<int>("--tail") { Description = "Only the last lines; 0 means all", DefaultValueFactory = _ => 0 };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is written from now on" };
        var command = new Command("logs", "Print the log of a component") { component, name, tail, follow };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = name.Open(parsed).Options.Directory;
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(component) is not { } wanted)
            {
                foreach (var log in Logs(directory))
                {
                    await output.WriteLineAsync(log);
                }

                return ExitCodes.Success;
            }

            if (!Logs(directory).Contains(wanted))
            {
                throw new LocalClusterException($"Cluster '{directory.Name}' has no log '{wanted}'; it has {string.Join(", ", Logs(directory))}.");
            }

            await PrintAsync(directory.LogPath(wanted), parsed.GetValue(tail), parsed.GetValue(follow), output, cancellationToken);
            return ExitCodes.Success;
        });
        return command.WithExamples(
            ("kiban local logs", "which logs there are"),
            ("kiban local logs kube-apiserver --tail 50 -f", "watch the API server"));
    }

    private static IReadOnlyList<string> Logs(ClusterDirectory directory) =>
        Directory.Exists(directory.LogsPath)
            ? [.. Directory.EnumerateFiles(directory.LogsPath, "*.log").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]
            : [];

    private static async Task PrintAsync(string path, int tail, bool follow, TextWriter output, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        var last = new Queue<string>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (tail == 0)
            {
                await output.WriteLineAsync(line);
                continue;
            }

            last.Enqueue(line);
            if (last.Count > tail)
            {
                last.Dequeue();
            }
        }

        foreach (var line in last)
        {
            await output.WriteLineAsync(line);
        }

        while (follow)
        {
            await output.WriteAsync(await reader.ReadToEndAsync(cancellationToken));
            await output.FlushAsync(cancellationToken);
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }
}
