namespace Kiban.Manager.Tests;

/// <summary>Where the files under test lie.</summary>
internal static class Repository
{
    /// <summary>An overlay of <c>deploy/</c>.</summary>
    public static string Overlay(string name) => Path.Combine(Kiban.Testing.Repository.Root, "deploy", "overlays", name);
}
