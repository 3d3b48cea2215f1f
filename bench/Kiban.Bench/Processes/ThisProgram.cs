namespace Kiban.Bench.Processes;

/// <summary>This program once more, as a process of its own that serves or copies what a benchmark needs.</summary>
internal static class ThisProgram
{
    /// <summary>What is started.</summary>
    public static string Path => Environment.ProcessPath!;

    /// <summary>Its arguments: where this program was started as <c>dotnet Kiban.Bench.dll</c>, the other one is too.</summary>
    public static IEnumerable<string> Arguments(params IEnumerable<string> arguments) =>
        System.IO.Path.GetFileNameWithoutExtension(Path) == "dotnet" ? [typeof(ThisProgram).Assembly.Location, .. arguments] : arguments;
}
