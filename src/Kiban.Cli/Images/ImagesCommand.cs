using System.CommandLine;
using Kiban.Images;

namespace Kiban.Cli.Images;

/// <summary><c>kiban images</c>: container images without a registry or a container engine.</summary>
internal static class ImagesCommand
{
    public static Command Create() => new("images", "Build the platform's container images on this machine and load them into a node")
    {
        BuildImagesCommand.Create(),
        LoadImagesCommand.Create(),
        ListImagesCommand.Create(),
    };

    /// <summary>Gives a command its work; what goes wrong becomes one sentence on standard error and exit code 1.</summary>
    public static Command Runs(this Command command, Func<ParseResult, CancellationToken, Task> work)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                await work(parsed, cancellationToken);
                return 0;
            }
            catch (ImageBuildException e)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
        return command;
    }
}
