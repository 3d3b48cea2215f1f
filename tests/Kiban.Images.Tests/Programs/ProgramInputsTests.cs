using Kiban.Images.Programs;

namespace Kiban.Images.Tests.Programs;

public sealed class ProgramInputsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("kiban-inputs-").FullName;

    public ProgramInputsTests()
    {
        Write("Directory.Build.props", "<Project />");
        Write("src/App/App.csproj", """<Project><ItemGroup><ProjectReference Include="../Library/Library.csproj" /></ItemGroup></Project>""");
        Write("src/App/Program.cs", "return 0;");
        Write("src/Library/Library.csproj", "<Project />");
        Write("src/Library/Library.cs", "class Library;");
        Write("docs/page.md", "text");
    }

    [Theory]
    [InlineData("src/App/Program.cs")]
    [InlineData("src/App/New.cs")]
    [InlineData("src/Library/Library.cs")]
    [InlineData("Directory.Build.props")]
    public void Change_of_what_is_compiled_changes_the_fingerprint(string file)
    {
        var before = Fingerprint();
        Write(file, "changed");

        Fingerprint().ShouldNotBe(before);
    }

    [Theory]
    [InlineData("docs/page.md")]
    [InlineData("src/App/obj/project.assets.json")]
    [InlineData("src/Other/Other.cs")]
    public void Change_of_anything_else_does_not(string file)
    {
        var before = Fingerprint();
        Write(file, "changed");

        Fingerprint().ShouldBe(before);
    }

    [Fact]
    public void Another_SDK_changes_the_fingerprint() =>
        ProgramInputs.Fingerprint(_root, "src/App/App.csproj", "10.0.402").ShouldNotBe(Fingerprint());

    [Fact]
    public void Missing_project_is_named() =>
        Should.Throw<ImageBuildException>(() => ProgramInputs.Fingerprint(_root, "src/None/None.csproj", "10.0.401"))
            .Message.ShouldContain("src/None/None.csproj");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Fingerprint() => ProgramInputs.Fingerprint(_root, "src/App/App.csproj", "10.0.401");

    private void Write(string file, string content)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
