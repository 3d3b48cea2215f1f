
namespace Kiban.EndToEnd.Cluster;

/// <summary>The command line program <c>kiban</c> as it was built beside the tests, with state of its own.</summary>
internal sealed class KibanProgram(string stateFolder)
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Kiban.Testing.Repository.Root;

    /// <summary>Runs a command and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        // artifacts/bin/Kiban.EndToEnd/<configuration>/
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(Root, "artifacts", "bin", "Kiban.Cli", configuration, "kiban.dll");
        var result = await Command.RunAsync(
            "dotnet",
            [program, .. arguments],
            cancellationToken,
            environment: new Dictionary<string, string> { ["KIBAN_STATE"] = stateFolder });
        return result.Succeeded
            ? result.Output
            : throw new InvalidOperationException($"kiban {string.Join(' ', arguments)} failed: {result.Error}{result.Output}");
    }
}
