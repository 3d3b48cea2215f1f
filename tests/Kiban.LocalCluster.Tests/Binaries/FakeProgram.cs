namespace Kiban.LocalCluster.Tests.Binaries;

/// <summary>A program that says it is of some release of Kubernetes.</summary>
internal static class FakeProgram
{
    public static string Text(string version) => $"#!/bin/sh\necho 'Kubernetes {version}'\n";

    public static void Write(string path, string version)
    {
        File.WriteAllText(path, Text(version));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
