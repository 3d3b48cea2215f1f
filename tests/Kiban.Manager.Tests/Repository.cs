namespace Kiban.Manager.Tests;

/// <summary>Where the files under test lie.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Kiban.slnx</c>.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>An overlay of <c>deploy/</c>.</summary>
    public static string Overlay(string name) => Path.Combine(Root, "deploy", "overlays", name);

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Kiban.slnx"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Kiban.slnx."));
}
