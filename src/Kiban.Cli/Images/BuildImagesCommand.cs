using System.CommandLine;
using Kiban.Images.Building;

namespace Kiban.Cli.Images;

/// <summary><c>kiban images build</c></summary>
internal static class BuildImagesCommand
{
    public static Command Create()
    {
        var arguments = new ImageArguments();
        var output = new Option<DirectoryInfo?>("--output", "-o")
        {
            Description = "Also write each image to <name>.tar in this folder: an OCI archive for podman, skopeo, Docker or containerd",
        };
        var command = new Command("build", "Build images into the cache; what has not changed is not built again") { output };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var builder = arguments.Builder(parsed);
            foreach (var definition in arguments.Definitions(parsed))
            {
                var image = await builder.BuildAsync(definition, cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    $"{image.Reference}  {image.Digest}  {image.Size / (1024.0 * 1024.0):0.0} MiB");
                if (parsed.GetValue(output) is { } folder)
                    await WriteAsync(builder, image, folder, cancellationToken);
            }

            return ExitCodes.Success;
        });
        return command.WithExamples(
            ("kiban images build", "all images"),
            ("kiban images build kiban-manager -o .", "one, also as a file for skopeo, podman or Docker"),
            ("kiban images build --update-packages", "with the newest security updates of Debian"));
    }

    private static async Task WriteAsync(ImageBuilder builder, BuiltImage image, DirectoryInfo folder, CancellationToken cancellationToken)
    {
        folder.Create();
        await using var file = File.Create(Path.Combine(folder.FullName, image.Name + ".tar"));
        await builder.WriteArchiveAsync(image, file, cancellationToken);
    }
}
