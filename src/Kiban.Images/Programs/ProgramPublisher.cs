using System.Runtime.InteropServices;
using Kiban.Images.Definitions;
using Kiban.Images.Layers;
using Kiban.Processes;

namespace Kiban.Images.Programs;

/// <summary>Publishes a program self-contained, compiled ahead as its project says (ReadyToRun, or wholly native), and writes its files into layers.</summary>
internal sealed class ProgramPublisher(string root, IProgress<string> progress, TimeProvider time)
{
    private static readonly Dictionary<string, string> Environment = new()
    {
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        // A build server that stays behind would keep this build's folders busy.
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    /// <summary>The SDK that <c>global.json</c> selects.</summary>
    public static async Task<string> SdkVersionAsync(CancellationToken cancellationToken) =>
        (await Command.RunAsync("dotnet", ["--version"], cancellationToken, environment: Environment)).RequireOutput().Trim();

    /// <summary>Publishes into a folder, which must be empty or absent.</summary>
    /// <exception cref="ImageBuildException">The build failed; the message quotes its errors.</exception>
    public async Task PublishAsync(PublishedProgram program, string folder, CancellationToken cancellationToken)
    {
        // Beside the developer's own output, so that neither build invalidates the other.
        var artifacts = Path.Combine(root, "artifacts", "images");
        using var hold = await AdvisoryLock.AcquireAsync(Path.Combine(artifacts, "lock"), time, waiting: null, cancellationToken);
        progress.Report($"publishing {program.FileName}");
        var result = await Command.RunAsync(
            "dotnet",
            [
                "publish", Path.Combine(root, program.Project),
                "--configuration", "Release",
                "--output", folder,
                "--artifacts-path", artifacts,
                "--verbosity", "quiet",
                "-p:RestoreLockedMode=true",
                // Same source, same bytes: no path of this machine in the assemblies, and no commit in their versions.
                "-p:ContinuousIntegrationBuild=true",
                "-p:IncludeSourceRevisionInInformationalVersion=false",
                "-p:UseSharedCompilation=false",
            ],
            cancellationToken,
            environment: Environment);
        if (!result.Succeeded)
        {
            throw new ImageBuildException($"{program.Project} could not be published: {result.Output.Trim()} {result.Error.Trim()}");
        }
    }

    /// <summary>The runtime identifier of this machine, as projects list it in <c>RuntimeIdentifiers</c>.</summary>
    public static string RuntimeIdentifier => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "linux-x64",
        Architecture.Arm64 => "linux-arm64",
        var other => throw new ImageBuildException($"Images for {other} are not supported; linux-x64 and linux-arm64 are."),
    };

    /// <summary>Copies published files into a layer. Only the program itself is executable, whatever modes the build left.</summary>
    public static void Write(LayerWriter layer, PublishedProgram program, string folder, IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            using var content = File.OpenRead(Path.Combine(folder, file));
            var mode = file == program.FileName ? LayerWriter.Executable : LayerWriter.Readable;
            layer.File($"{PublishedProgram.Folder.TrimStart('/')}/{file}", content, mode);
        }
    }
}
