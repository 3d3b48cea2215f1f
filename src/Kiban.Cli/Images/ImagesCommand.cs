using System.CommandLine;

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
}
