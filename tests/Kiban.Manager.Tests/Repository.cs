namespace Kiban.Manager.Tests;

/// <summary>Where the files under test lie.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Kiban.slnx</c>.</summary>
    public static string Root => Kiban.Testing.Repository.Root;

    /// <summary>An overlay of <c>deploy/</c>.</summary>
    public static string Overlay(string name) => Path.Combine(Root, "deploy", "overlays", name);
}
