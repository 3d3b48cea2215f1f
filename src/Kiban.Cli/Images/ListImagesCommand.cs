using System.CommandLine;

namespace Kiban.Cli.Images;

/// <summary><c>kiban images list</c></summary>
internal static class ListImagesCommand
{
    public static Command Create()
    {
        var node = new NodeOption();
        var command = new Command("list", "List the images on a node");
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            foreach (var (reference, digest) in (await node.Store(parsed).ListAsync(cancellationToken)).OrderBy(image => image.Key, StringComparer.Ordinal))
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{reference}  {digest}");

            return ExitCodes.Success;
        });
        return command.WithExamples(
            ("kiban images list", "what the cluster 'kiban' has"));
    }
}
