using System.Runtime.CompilerServices;

namespace Kiban.Credentials.Tests.Golden;

/// <summary>
/// One folder of testassets: inputs as users write them and the outcome they get. With <c>KIBAN_ACCEPT=1</c> in the environment the
/// outcome is written into the source tree instead of compared, to be read in the diff.
/// </summary>
internal sealed class GoldenCase(string group, string name)
{
    private static readonly string Output = Path.Combine(AppContext.BaseDirectory, "testassets");

    public static IEnumerable<string> Names(string group) =>
        Directory.EnumerateDirectories(Path.Combine(Output, group)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    public string? Find(string file) => File.Exists(PathOf(file)) ? KeyMaterial.Fill(File.ReadAllText(PathOf(file))) : null;

    public string Read(string file) => Find(file) ?? throw new FileNotFoundException($"Case {group}/{name} has no {file}.");

    public void ShouldEqual(string file, string actual)
    {
        if (Environment.GetEnvironmentVariable("KIBAN_ACCEPT") == "1")
            File.WriteAllText(Path.Combine(SourceFolder(), "testassets", group, name, file), actual);
        else
            Assert.Equal(Read(file), actual);
    }

    private string PathOf(string file) => Path.Combine(Output, group, name, file);

    private static string SourceFolder([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, ".."));
}
