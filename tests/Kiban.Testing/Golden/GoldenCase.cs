using System.Runtime.CompilerServices;
using Shouldly;

namespace Kiban.Testing.Golden;

/// <summary>
/// One folder of testassets: inputs as users write them and the outcome they get. With <c>KIBAN_ACCEPT=1</c> in the environment the
/// outcome is written into the source tree instead of compared, to be read in the diff.
/// </summary>
/// <param name="group">Folder of the group of cases.</param>
/// <param name="name">Folder of the case.</param>
/// <param name="fill">What is done to each file after it is read, such as to put in keys that the repository does not hold.</param>
/// <param name="source">A source file of the test project, which the compiler names.</param>
public sealed class GoldenCase(string group, string name, Func<string, string>? fill = null, [CallerFilePath] string source = "")
{
    private static readonly string Output = Path.Combine(AppContext.BaseDirectory, "testassets");

    /// <summary>Names of the cases of a group.</summary>
    public static IEnumerable<string> Names(string group) =>
        Directory.EnumerateDirectories(Path.Combine(Output, group)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    /// <summary>Text of a file, or null where the case has none of that name.</summary>
    public string? Find(string file) => File.Exists(PathOf(file)) ? (fill ?? (text => text))(File.ReadAllText(PathOf(file))) : null;

    /// <summary>Text of a file.</summary>
    public string Read(string file) => Find(file) ?? throw new FileNotFoundException($"Case {group}/{name} has no {file}.");

    /// <summary>Compares an outcome with a file.</summary>
    public void ShouldEqual(string file, string actual)
    {
        if (Environment.GetEnvironmentVariable("KIBAN_ACCEPT") == "1")
            File.WriteAllText(Path.Combine(SourceFolder(), "testassets", group, name, file), actual);
        else
            actual.ShouldBe(Read(file));
    }

    private string PathOf(string file) => Path.Combine(Output, group, name, file);

    private string SourceFolder()
    {
        var folder = new FileInfo(source).Directory!;
        while (folder.GetFiles("*.csproj").Length == 0)
            folder = folder.Parent!;
        return folder.FullName;
    }
}
