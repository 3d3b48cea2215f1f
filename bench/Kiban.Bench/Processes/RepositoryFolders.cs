namespace Kiban.Bench.Processes;

/// <summary>Where this repository is.</summary>
internal static class RepositoryFolders
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Kiban.slnx"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Kiban.slnx."));
}
