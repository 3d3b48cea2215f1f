using Kiban.Loader.Planning;

namespace Kiban.Loader.Tests.Planning;

public sealed class PathRulesTests
{
    [Theory]
    [InlineData("a/../b", "..")]
    [InlineData("..", "..")]
    [InlineData("a/./b", "\".\"")]
    [InlineData("a//b", "empty part")]
    [InlineData("a/", "empty part")]
    [InlineData("/a", "absolute")]
    [InlineData("", "names no file")]
    [InlineData("a\0b", "NUL")]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a\u0085b", "U+0085")]
    [InlineData(".kiban/manifest.jsonl", "loader's own")]
    [InlineData(".kiban", "loader's own")]
    public void What_cannot_be_a_file_is_told(string path, string problem) =>
        PathRules.Problem(path, "/data").ShouldNotBeNull().ShouldContain(problem);

    [Theory]
    [InlineData("a")]
    [InlineData("...")]
    [InlineData("..a/b..")]
    [InlineData("x/.kiban/y")]
    [InlineData("ファイル/基盤 .bin")]
    public void Odd_names_that_are_names_are_taken(string path) => PathRules.Problem(path, "/data").ShouldBeNull();

    [Fact]
    public void Lengths_are_counted_in_bytes()
    {
        PathRules.Problem(new string('a', 255), "/data").ShouldBeNull();
        PathRules.Problem(new string('a', 256), "/data").ShouldNotBeNull().ShouldContain("255");
        PathRules.Problem(new string('基', 86), "/data").ShouldNotBeNull().ShouldContain("255");
        var longest = string.Join('/', Enumerable.Repeat(new string('a', 99), 41))[..4089];
        PathRules.Problem(longest, "/data").ShouldBeNull();
        PathRules.Problem(longest + "a", "/data").ShouldNotBeNull().ShouldContain("4096");
    }

    [Fact]
    public void A_file_where_another_needs_a_folder_is_told_with_both() =>
        PathRules.Collisions(["a/b/c", "x", "a/b"], foldsCase: false).ShouldBe([(0, "needs a folder where \"a/b\" is a file")]);

    [Fact]
    public void The_same_path_twice_is_told() =>
        PathRules.Collisions(["a", "b", "a"], foldsCase: false).ShouldBe([(2, "comes from two sources and would be the same file")]);

    [Fact]
    public void Paths_that_differ_in_case_collide_only_where_the_file_system_folds_it()
    {
        string[] paths = ["Data/a", "data/A", "DATA"];

        PathRules.Collisions(paths, foldsCase: false).ShouldBeEmpty();
        PathRules.Collisions(paths, foldsCase: true).Select(found => found.Index).ShouldBe([1, 0, 1]);
    }
}
