using System.Diagnostics;
using Kiban.Loader.Tests.Programs;
using Kiban.Testing;

[assembly: AssemblyFixture(typeof(PublishedLoader))]

namespace Kiban.Loader.Tests.Programs;

/// <summary>The loader as it is in its image: compiled ahead of time. Published once for all tests, and not again while no source changed.</summary>
public sealed class PublishedLoader
{
    private readonly Lazy<Task<(string Program, string Output)>> _published = new(PublishAsync);

    /// <summary>Path of the program.</summary>
    public async Task<string> ProgramAsync() => (await _published.Value).Program;

    /// <summary>What the build said.</summary>
    public async Task<string> OutputAsync() => (await _published.Value).Output;

    private static async Task<(string Program, string Output)> PublishAsync()
    {
        // Beside the everyday build, whose output is not that of a native program.
        var artifacts = Path.Combine(Repository.Root, "artifacts", "native");
        var folder = Path.Combine(artifacts, "kiban-loader");
        var start = new ProcessStartInfo(
            "dotnet",
            ["publish", Path.Combine(Repository.Root, "src/Kiban.Loader"), "-c", "Release", "--artifacts-path", artifacts, "-o", folder, "-v", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (Path.Combine(folder, "kiban-loader"), output) : throw new InvalidOperationException($"The loader could not be published: {output}");
    }
}
