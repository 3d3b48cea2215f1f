using System.CommandLine;

namespace Kiban.Cli.Images;

/// <summary><c>kiban images load</c></summary>
internal static class LoadImagesCommand
{
    public static Command Create()
    {
        var arguments = new ImageArguments();
        var node = new NodeOption();
        var command = new Command("load", "Build images and load them into a node; what the node has already is skipped");
        arguments.AddTo(command);
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var builder = arguments.Builder(parsed);
            var store = node.Store(parsed);
            foreach (var definition in arguments.Definitions(parsed))
            {
                var image = await builder.BuildAsync(definition, cancellationToken);
                var isLoaded = await store.LoadAsync(builder, image, cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{image.Reference}  {image.Digest}  {(isLoaded ? "loaded" : "was there")}");
            }

            return ExitCodes.Success;
        });
        return command.WithExamples(
            ("kiban images load", "all images, into the cluster 'kiban'"),
            ("kiban images load kiban-manager --cluster second", "one image, into another cluster"));
    }
}
